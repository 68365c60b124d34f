"""Time stamps against a local authority made with openssl: asked over loopback, kept, and judged."""

import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

import afterbell
from afterbell.disk.house import House
from afterbell.errors import LogError, UsageError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import stamp as stamps
from afterbell.log.verdict import Code
from afterbell.steps import init, seal, stamp, verify
from afterbell.steps.records import journal

pytest.importorskip("rfc3161_client")
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
"""


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Authority:
    """A root, a signing certificate and the answers of `openssl ts`."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.root = folder / "root.pem"
        openssl(
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "365",
            "-subj",
            "/CN=Root",
            "-keyout",
            folder / "root.key",
            "-out",
            self.root,
            "-addext",
            "basicConstraints=critical,CA:TRUE",
        )
        openssl(
            "req",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=Stamps",
            "-keyout",
            folder / "tsa.key",
            "-out",
            folder / "tsa.csr",
        )
        (folder / "ext").write_text(
            "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\nbasicConstraints=CA:FALSE\n"
        )
        openssl(
            "x509",
            "-req",
            "-in",
            folder / "tsa.csr",
            "-CA",
            self.root,
            "-CAkey",
            folder / "root.key",
            "-CAcreateserial",
            "-days",
            "365",
            "-extfile",
            folder / "ext",
            "-out",
            folder / "tsa.pem",
        )
        (folder / "serial").write_text("01\n")
        (folder / "config").write_text(CONFIG.format(folder=folder))

    def answer(self, query):
        (self.folder / "query").write_bytes(query)
        openssl(
            "ts",
            "-reply",
            "-config",
            self.folder / "config",
            "-queryfile",
            self.folder / "query",
            "-out",
            self.folder / "reply",
        )
        return (self.folder / "reply").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ts") / "authority")


@pytest.fixture
def address(authority):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path / "desk")
    init.init(made)
    afterbell.append(afterbell.Postmortem(), path=made.postmortems / "log.jsonl")
    seal.seal(made)
    return made


def codes(house, **given):
    return {problem.code for problem in verify.verify(house, verify.Given(**given), remember=False).verdict.problems}


def test_a_head_is_stamped_kept_and_judged(house, authority, address, tmp_path):
    done = stamp.stamp(house, address)
    assert done.path.name == "1.tsr"
    seen = verify.verify(house, verify.Given(authority=authority.root), remember=False)
    assert seen.verdict.problems == ()
    assert any("existed before" in line for line in seen.compared)
    with pytest.raises(UsageError, match="has a stamp already"):
        stamp.stamp(house, address)
    other = Authority(tmp_path / "other")
    assert codes(house, authority=other.root) == {Code.BAD_STAMP}
    data = bytearray(done.path.read_bytes())
    data[-20] ^= 1
    done.path.write_bytes(data)
    assert codes(house, authority=authority.root) == {Code.BAD_STAMP}


def test_a_stamp_of_another_head_is_refused(house, authority):
    answer = authority.answer(stamps.request("another text\n"))
    text = checkpoints.text(journal(house).checkpoint())
    with pytest.raises(LogError, match="another text"):
        stamps.claimed(answer, text)
    for junk in (b"", b"junk", answer[:100]):
        with pytest.raises(LogError):
            stamps.claimed(junk, text)


def test_nobody_answers(house):
    for url in ("http://127.0.0.1:9/", "gopher://x"):
        with pytest.raises(UsageError):
            stamp.stamp(house, url)
