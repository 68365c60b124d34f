"""What secrets look like, as data: for each kind a gate that hyperscan can run and a pattern that says how far it goes.

Gates are short and of fixed length, so that clean text costs one pass and a hit costs one look. Patterns are matched
at the place the gate names and never search. Shapes follow the issuers' published formats; where a value has no
shape of its own (broker keys, passwords), the name beside it decides, and then the value must look like a secret.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections import Counter
from collections.abc import Callable

from msgspec import Struct

_Q = rb"(?:\\{0,7}[\"'])"
_W = rb"[\s]{0,8}"
_NAMES = (
    rb"(?:api[-_. ]?key(?:[-_]?id)?|(?:access|secret|private|signing|account|shared|encryption|master)[-_ ]?"
    rb"(?:access[-_ ]?)?key(?:[-_]?id)?|secret|token|passw(?:or)?d|passphrase|pwd|authorization|credentials?)"
)
_SAID = (
    _Q
    + rb"?"
    + _W
    + rb"(?:=>|:|=)"
    + _W
    + rb"(?:\["
    + _W
    + rb")?"
    + _Q
    + rb"?"
    + rb"(?:(?:bearer|basic|token)\s{1,4})?"
)


def _key(name: bytes, opens: bytes) -> bytes:
    return rb"(?:" + opens + _W + _Q + name + _Q + _W + rb":" + _W + rb")?"


_PAIRED = (
    _Q + _W + rb"," + _W + _Q + rb"value" + _Q + _W + rb":" + _W + _key(b"arrayValue", rb"\{") + _key(b"values", rb"\{")
    + rb"(?:\[" + _W + rb")?" + _key(b"stringValue", rb"\{") + _Q + rb"(?:(?:bearer|basic|token)\s{1,4})?"
)  # fmt: skip
_JOINT = rb"(?:" + _SAID + rb"|" + _PAIRED + rb")"
_ESCAPED = rb"\\{1,7}(?:/|u00[0-9a-fA-F]{2})"
_BARE = rb"[^\s\"'`\\,;&|<>{}()\[\]\x00-\x1f]"
_WORDS = rb"(?:mnemonic|(?:seed|recovery)[-_ ]?phrase)"
_DATABASE = (
    rb"(?:postgres(?:ql)?|mysql|mariadb|mssql|redis|rediss|amqps?|mongodb|clickhouse|nats|kafka|s?ftp|smtps?|ldaps?)"
    rb"(?:\+[a-z0-9]{1,12})?"
)
_LEAST_BITS = 3.0
_LEAST_KEY = 12
_LEAST_TOKEN = 16
_LEAST_PASSWORD = 6
_PLACEHOLDER = re.compile(
    rb"(?i)(?:\$|%|\*|x{4}|\.{3}|your[-_ ]?|my[-_]|the[-_]|example|placeholder|dummy|required|optional|string\Z"
    rb"|redacted"
    rb"|none\Z|null\Z|true\Z|false\Z|undefined|os\.|process\.env|env[.:_])"
)
_IDENTIFIER = re.compile(
    rb"(?:[A-Za-z_]\w{0,60}(?:\.[A-Za-z_]\w{0,60}){1,8}|[A-Z][A-Z0-9]{0,30}(?:_[A-Z0-9]{1,30}){1,8})\Z"
)
_ADDRESS = re.compile(rb"0x[0-9a-fA-F]{40}\Z")
_PAGING = re.compile(rb"(?i)(?:page|next|continuation|sync|start|resume|stop|pad|eos|bos|mask|unk|sep|cls)[-_]?\Z")


class Secret(Struct, frozen=True, kw_only=True):
    """One kind of secret. The pattern's first group, where there is one, is what must go.

    `free` asks that no word runs into the match from the left; `real` looks at what came before and at the value.
    `part`, where given, is matched within the pattern's match and says how much of it is the secret; a pattern takes
    everything that could belong to it in one go, so that no stretch is looked at twice.
    """

    kind: str
    gate: bytes
    pattern: bytes
    part: bytes = b""
    free: bool = True
    caseless: bool = False
    real: Callable[[bytes, bytes], bool] | None = None


def bits(value: bytes) -> float:
    """Return the Shannon entropy of the value in bits per byte."""
    counts = Counter(value)
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values()) if value else 0.0


def _mixed(value: bytes) -> bool:
    return any(48 <= byte <= 57 for byte in value) and any(byte >= 65 for byte in value)  # noqa: PLR2004 - ASCII


def _dense(_before: bytes, value: bytes) -> bool:
    """Random keys hold digits; names joined by hyphens do not."""
    return sum(48 <= byte <= 57 for byte in value) >= 2 and bits(value) >= _LEAST_BITS  # noqa: PLR2004 - ASCII digits


def _opaque(least: int) -> Callable[[bytes, bytes], bool]:
    def real(_before: bytes, value: bytes) -> bool:
        return not (
            len(value) < least or not _mixed(value) or bits(value) < _LEAST_BITS or b"://" in value
            or _PLACEHOLDER.match(value) or _IDENTIFIER.match(value)
        )  # fmt: skip

    return real


def _token(before: bytes, value: bytes) -> bool:
    """Paging tokens and vocabulary tokens are no secrets, and in these traces a token may be a coin's address."""
    if _PAGING.search(before) or _ADDRESS.match(value):
        return False
    return _opaque(_LEAST_TOKEN)(before, value)


def _password(_before: bytes, value: bytes) -> bool:
    if len(value) < _LEAST_PASSWORD or _PLACEHOLDER.match(value) or _IDENTIFIER.match(value):
        return False
    kinds = sum(bool(re.search(kind, value)) for kind in (rb"[a-z]", rb"[A-Z]", rb"[0-9]", rb"[^A-Za-z0-9]"))
    return kinds >= 2 and bool(re.search(rb"[0-9]|[^A-Za-z0-9_.-]", value))  # noqa: PLR2004 - two kinds of characters


def _login(_before: bytes, value: bytes) -> bool:
    """Tell whether it is base64 of user:password, which basic credentials are."""
    try:
        said = base64.b64decode(value + b"=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return b":" in said and all(32 <= byte < 127 for byte in said)  # noqa: PLR2004 - printable ASCII


def _written(_before: bytes, value: bytes) -> bool:
    """Tell a password from a port or a bare word: those are more likely a disguise, which must stay readable."""
    return _mixed(value) and len(value) >= _LEAST_PASSWORD


def _anything(_before: bytes, value: bytes) -> bool:
    return bool(re.search(rb"[A-Za-z0-9]", value)) and not value.startswith((b"$", b"%", b"<", b"{", b"["))


def _signed(_before: bytes, value: bytes) -> bool:
    """Tell whether header, claims and signature are there; the first part alone is any JSON in base64."""
    parts = value.split(b".")
    return len(parts) in {3, 5} and all(parts[:3]) and (parts[1].startswith(b"eyJ") or len(parts) == 5)  # noqa: PLR2004 - JWS, JWE


def _block(_before: bytes, value: bytes) -> bool:
    return len(re.findall(rb"[A-Za-z0-9+/]{16}", value)) >= 3  # noqa: PLR2004 - a name in a manual has no body


def _shaped(kind: str, prefix: bytes, characters: bytes, least: int, real: Callable[[bytes, bytes], bool] | None = None,
            ) -> Secret:  # fmt: skip
    count = str(least).encode()
    return Secret(
        kind=kind, gate=prefix + characters + b"{" + count + b"}",
        pattern=prefix + characters + b"{" + count + b",}", real=real,
    )  # fmt: skip


def _named(kind: str, names: bytes, real: Callable[[bytes, bytes], bool]) -> Secret:
    return Secret(
        kind=kind, free=False, caseless=True, real=real,
        gate=names + _JOINT + rb"(?:" + _BARE + rb"|" + _ESCAPED + rb"){6}",
        pattern=names + _JOINT + rb"((?:" + _BARE + rb"|" + _ESCAPED + rb"){6,})",
    )  # fmt: skip


_PEM = rb"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
_SECRET = rb"(?:secret(?:[-_ ]?(?:access[-_ ]?)?key(?:[-_]?id)?)?|authorization|credentials?)"
_ALNUM, _DASHED = rb"[A-Za-z0-9]", rb"[A-Za-z0-9_-]"
_KEYED = (
    rb"(?:api[-_. ]?key(?:[-_]?id)?|(?:access|private|signing|account|shared|encryption"
    rb"|master)[-_ ]?(?:access[-_ ]?)?key(?:[-_]?id)?)"
)

RULES: tuple[Secret, ...] = (
    Secret(
        kind="private_key", free=False, real=_block,
        gate=rb"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY",
        pattern=_PEM + rb"[A-Za-z0-9+/=:,.()\s\\-]{0,65536}",
        part=_PEM + (
            rb"(?:[A-Za-z0-9+/=:,.()\s\\-]{0,65536}?-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
            rb"|[A-Za-z0-9+/=\s\\]{0,65536})"
        ),
    ),
    _shaped("anthropic_key", rb"sk-ant-", _DASHED, 20),
    _shaped("openai_key", rb"sk-", _DASHED, 20, _dense),
    _shaped("service_key", rb"(?:gsk_|hf_|r8_)", _ALNUM, 30),
    _shaped("service_key", rb"(?:xai-|pplx-|nvapi-|tvly-|fc-|SG\.)", rb"[A-Za-z0-9_.-]", 24, _dense),
    _shaped("service_key", rb"(?:sk|rk|pk)_(?:live|test)_", _ALNUM, 20),
    Secret(
        kind="aws_key_id", gate=rb"(?:AKIA|ASIA)[A-Z0-9]{16}",
        pattern=rb"(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9+/=_-])",
    ),
    _shaped("github_token", rb"gh[pousr]_", _ALNUM, 36),
    _shaped("github_token", rb"github_pat_", rb"\w", 40),
    _shaped("gitlab_token", rb"gl(?:pat|dt|rt|ptt|cbt)-", _DASHED, 20, _dense),
    _shaped("slack_token", rb"(?:xox[abceoprs]|xapp)-", _DASHED, 16, _dense),
    _shaped("slack_token", rb"hooks\.slack\.com/services/", rb"[A-Za-z0-9/]", 24),
    Secret(kind="telegram_token", gate=rb"[0-9]{8}:AA[A-Za-z0-9_-]{33}", free=False,
           pattern=rb"[0-9]{8}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])"),
    _shaped("google_key", rb"AIza", _DASHED, 35, _dense),
    _shaped("google_key", rb"(?:ya29\.|GOCSPX-)", _DASHED, 20, _dense),
    Secret(
        kind="jwt", gate=rb"eyJ[A-Za-z0-9_-]{8}",
        pattern=rb"eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_.-]{8,})?", real=_signed,
    ),
    _shaped("langsmith_key", rb"lsv2_(?:pt|sk)_", rb"[A-Za-z0-9_]", 20),
    _shaped("langsmith_key", rb"ls__", rb"[0-9a-f]", 32),
    Secret(
        kind="bearer", free=False, caseless=True, gate=rb"bearer\s{1,4}[A-Za-z0-9._~+/=-]{16}", real=_opaque(16),
        pattern=rb"bearer\s{1,4}([A-Za-z0-9._~+/=-]{16,})",
    ),
    Secret(
        kind="basic_auth", free=False, caseless=True, gate=rb"basic\s{1,4}[A-Za-z0-9+/]{8}", real=_login,
        pattern=rb"basic\s{1,4}([A-Za-z0-9+/]{8,}={0,2})",
    ),
    Secret(
        kind="url_password", free=False, caseless=True, real=_anything,
        gate=_DATABASE + rb"://[^\s\"'/@:\\]{0,80}:[^\s\"'/@\\]{1,200}@",
        pattern=_DATABASE + rb"://[^\s\"'/@:\\]{0,80}:([^\s\"'/@\\]{1,200})@",
    ),
    Secret(
        kind="url_password", free=False, caseless=True, real=_written,
        gate=rb"https?://[^\s\"'/@:\\]{0,80}:[^\s\"'/@\\]{6,200}@",
        pattern=rb"https?://[^\s\"'/@:\\]{0,80}:([^\s\"'/@\\]{6,200})@",
    ),
    Secret(
        kind="wallet_phrase", free=False, caseless=True,
        gate=_WORDS + _JOINT + rb"(?:[a-z]{3,8}\s{1,2}){4}",
        pattern=_WORDS + _JOINT + rb"((?:[a-z]{3,8}\s{1,2}){11,23}[a-z]{3,8})",
    ),
    Secret(
        kind="aws_secret_key", free=False, caseless=True,
        gate=rb"secret[-_]?access[-_]?key" + _JOINT + rb"[A-Za-z0-9/+]{40}",
        pattern=rb"secret[-_]?access[-_]?key" + _JOINT + rb"([A-Za-z0-9/+]{40})",
    ),
    _named("api_key", _KEYED, _opaque(_LEAST_KEY)),
    _named("secret", _SECRET, _opaque(_LEAST_KEY)),
    _named("token", rb"token", _token),
    _named("password", rb"(?:passw(?:or)?d|passphrase|pwd)", _password),
)  # fmt: skip

NAME = re.compile(_NAMES + rb"\Z", re.IGNORECASE)
# A protobuf KeyValue whose key ends in such a name: then field 2, a length, and an AnyValue holding a string.
KEYED_GATE = _NAMES + rb"\x12"


def kind_of_value(name: bytes, value: bytes) -> str:
    """Return the kind of secret that a value under this name is, or ''. `name` is the whole name."""
    found = NAME.search(name)
    if found is None:
        return ""
    word = found[0].lower()
    before = name[: found.start()]
    if word.startswith((b"passw", b"passp", b"pwd")):
        return "password" if _password(before, value) else ""
    if word == b"token":
        return "token" if _token(before, value) else ""
    value = re.sub(rb"(?i)\A(?:bearer|basic|token)\s{1,4}", b"", value)
    kind = "secret" if word.startswith((b"secret", b"auth", b"cred")) else "api_key"
    return kind if _opaque(_LEAST_KEY)(before, value) else ""
