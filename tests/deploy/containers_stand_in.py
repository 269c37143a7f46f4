"""`docker` as deploy/roll types it: a stand-in that keeps its containers in a file, and counts them at each command."""

import json
import os
import sys
from pathlib import Path

RUNS = ("healthy", "hangs")


def main(words):
    """One command; the containers are {id: [kind, version, how it is]}: healthy, hangs, sick, run once or exited."""
    file = Path(os.environ["CONTAINERS"])
    state = json.loads(file.read_text())
    containers = state["containers"]
    match words:
        case ["compose", "-f", _, "ps", "-q", kind]:
            tell(one for one, (of, _, how) in containers.items() if of == kind and how in RUNS)
        case ["compose", "-f", _, "ps", "-aq", "--status", "exited", "--status", "created", "--status", "dead", kind]:
            tell(one for one, (of, _, how) in containers.items() if of == kind and how == "exited")
        case ["compose", "-f", _, "ps", "-aq", kind]:
            tell(one for one, (of, *_) in containers.items() if of == kind)
        case ["compose", "-f", _, "up", "-d", "--no-deps", "--no-recreate", "--scale", scale, kind]:
            name, _, number = scale.partition("=")
            assert name == kind
            missing = int(number) - sum(of == kind and how != "run once" for of, _, how in containers.values())
            for one in [one for one in containers.values() if one[0] == kind and one[2] == "exited"][: missing + 1]:
                one[2] = "healthy"  # as it was
            for _ in range(missing):
                state["made"] += 1
                how = "sick" if kind in state["sick"] else "healthy"
                containers[f"{kind}-{state['made']}"] = [kind, "after", how]
        case ["inspect", "-f", "{{.State.Health.Status}}", one]:
            tell([{"healthy": "healthy", "run once": "healthy"}.get(containers[one][2], "unhealthy")])
        case ["stop", one]:
            containers[one][2] = "exited"
        case ["rm", one]:
            assert containers[one][2] == "exited", f"{one} still runs"
            del containers[one]
        case ["rm", "-f", one]:
            del containers[one]
        case ["logs", "--tail", "20", one]:
            tell([f"last words of {one}"])
        case _:
            raise SystemExit(f"no such command: {words}")
    state["seen"].append({kind: sum(of == kind and how == "healthy" for of, _, how in containers.values())
                          for kind in ("web", "worker")})  # fmt: skip
    file.write_text(json.dumps(state))
    return 0


def tell(lines):
    """One after the other."""
    sys.stdout.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
