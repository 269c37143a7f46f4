import os, sys
sys.path.insert(0, "/tmp/askdraft")
from tests.journeys.conftest import stage_on, CHANNELS
def test_draft(ground, planted, redis_url, redis):
    from draft import draft
    for name in os.environ["DRAFT"].split(","):
        with stage_on(CHANNELS[0], ground, planted, redis_url, redis, callbacks=()) as (stage, wire):
            open(f"/tmp/askdraft/{name}.out", "w").write(draft(f"/tmp/askdraft/{name}.txt", stage, wire))
