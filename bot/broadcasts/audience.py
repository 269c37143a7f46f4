"""Who is meant by an announcement: a query that is kept with it, as one condition of SQL."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal

Role = Literal["all", "buyers", "vendors", "attendees", "organizers"]
ROLES: Final[tuple[Role, ...]] = ("all", "buyers", "vendors", "attendees", "organizers")
TALKING: Final = 900  # seconds since somebody wrote, within which he is in conversation


@dataclass(frozen=True)
class Audience:
    """A query about people; what is not said narrows nothing.

    `zone` are slugs of base.places, one of which is where he lives or sells (`zones.zone_of` reads them); `channel`
    is a kind of account, or `whatsapp` for both kinds of it; `workshop` a workshop's number, of whom has a place there
    (role `attendees` alone: any place), at the event that is open, else at the last one; `ordered` whether he ever
    ordered, within the last `ordered_days` where those are told; `category` a category's slug, of which he sells or has
    bought something; `not_seen_days`: he has written nothing for so many days. Left out are, where it is said: who is
    in conversation now, who was told an announcement in the last `skip_told_days`, who has an open complaint.
    """

    role: Role = "all"
    zone: tuple[str, ...] = ()
    language: str = ""
    channel: str = ""
    workshop: int | None = None
    ordered: bool | None = None
    ordered_days: int | None = None
    category: str = ""
    not_seen_days: int | None = None
    skip_talking: bool = False
    skip_told_days: int | None = None
    skip_complaint: bool = False


def to_json(audience: Audience) -> dict[str, Any]:
    """As a jsonb column holds it: only what is said."""
    told = {name: value for name, value in asdict(audience).items() if value not in (None, "", (), False)}
    return told | ({"ordered": False} if audience.ordered is False else {})


def from_json(document: Mapping[str, Any]) -> Audience:
    """What `to_json` wrote; whatever an older or newer program has written besides narrows nothing."""
    known = {field.name for field in fields(Audience)} & document.keys()
    values = {name: document[name] for name in known}
    return Audience(**{**values, "zone": tuple(values.get("zone", ()))})


SELLS_IN = """exists (select from role r join vendor v on v.id = r.vendor_id
  where r.contact_id = p.id and r.suspended_at is null and v.quarter = any(%(zone)s))"""
LIVES_IN = """exists (select from (
    (select quarter from basket where contact_id = p.id)
    union all (select quarter from "order" where contact_id = p.id order by id desc limit 1)) b
  where b.quarter = any(%(zone)s))"""
SELLS = """exists (select from role r join product g on g.vendor_id = r.vendor_id
  join category y on y.id = g.category_id
  where r.contact_id = p.id and r.suspended_at is null and y.slug = %(category)s)"""
BOUGHT = """exists (select from "order" o join vendor_order v on v.order_id = o.id
  join order_line l on l.vendor_order_id = v.id join product g on g.id = l.product_id
  join category y on y.id = g.category_id where o.contact_id = p.id and y.slug = %(category)s)"""
ROLE = "exists (select from role r where r.contact_id = p.id and r.suspended_at is null{of})"
OF_ROLE: Final[Mapping[str, str]] = {
    "buyers": f"not {ROLE.format(of='')}",
    "vendors": ROLE.format(of=" and r.role in ('vendor', 'helper')"),
    "organizers": ROLE.format(of=" and r.role = 'organizer'"),
}
ORDERED = """exists (select from "order" o where o.contact_id = p.id
  and (%(ordered_days)s::int is null or o.placed_at > market_now() - make_interval(days => %(ordered_days)s::int)))"""
SEEN = """exists (select from conversation t where t.contact_id = p.id
  and t.last_in_at > market_now() - make_interval(days => %(not_seen_days)s))"""
IS_TALKING = f"""exists (select from conversation t where t.contact_id = p.id
  and (t.last_in_at > market_now() - make_interval(secs => {TALKING}) or t.held_until > market_now()))"""
WAS_TOLD = """exists (select from broadcast_recipient t where t.contact_id = p.id
  and t.queued_at > market_now() - make_interval(days => %(skip_told_days)s)
  and t.state in ('queued', 'sent', 'delivered', 'read', 'uncertain'))"""
HAS_A_PLACE = """exists (select from booking b join workshop w on w.id = b.workshop_id
  where b.contact_id = p.id and b.state in ('booked', 'attended')
  and (%(workshop)s::int is null or w.number = %(workshop)s::int) and w.event_id = (
    select id from event where state <> 'draft' order by state = 'open' desc, starts_on desc limit 1))"""
COMPLAINS = "exists (select from complaint t where t.contact_id = p.id and t.settled_at is null)"
ON_CHANNEL = """exists (select from conversation t join channel_account a on a.id = t.account_id
  where t.contact_id = p.id and a.kind = any(%(channels)s))"""
WHATSAPP: Final = ("twilio_whatsapp", "whatsapp_cloud")  # kinds of account that people call by one name


def kinds_of(channel: str) -> tuple[str, ...]:
    """The kinds of account that a channel's name stands for; () for any."""
    if channel == "whatsapp":
        return WHATSAPP
    return (channel,) if channel else ()


def conditions(audience: Audience) -> tuple[str, dict[str, Any]]:
    """The condition on a contact `p` that the audience is, and its values; nobody is meant who was erased."""
    told = [
        "exists (select from identity i where i.contact_id = p.id and i.kind <> 'comment')",
        *_who(audience),
        *_did(audience),
        *_left_out(audience),
    ]
    channels = list(kinds_of(audience.channel))
    return "\n  and ".join(told), {**asdict(audience), "zone": list(audience.zone), "channels": channels}


def _who(audience: Audience) -> Iterator[str]:
    if audience.role in OF_ROLE:
        yield OF_ROLE[audience.role]
    if audience.zone:
        lives = {"vendors": SELLS_IN, "buyers": LIVES_IN}
        yield lives.get(audience.role, f"({SELLS_IN} or {LIVES_IN})")
    if audience.workshop is not None or audience.role == "attendees":
        yield HAS_A_PLACE
    if audience.language:
        yield "p.language = %(language)s"
    if audience.channel:
        yield ON_CHANNEL


def _did(audience: Audience) -> Iterator[str]:
    if audience.ordered is not None:
        yield ORDERED if audience.ordered else f"not {ORDERED}"
    if audience.category:
        had = {"vendors": SELLS, "buyers": BOUGHT}
        yield had.get(audience.role, f"({SELLS} or {BOUGHT})")
    if audience.not_seen_days is not None:
        yield f"not {SEEN}"


def _left_out(audience: Audience) -> Iterator[str]:
    if audience.skip_talking:
        yield f"not {IS_TALKING}"
    if audience.skip_told_days is not None:
        yield f"not {WAS_TOLD}"
    if audience.skip_complaint:
        yield f"not {COMPLAINS}"
