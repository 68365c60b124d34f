"""A provider that does not answer holds up those who sign in, and nobody else."""

from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Event

import httpx
import pytest

from afterbell.errors import ProviderError
from afterbell.model.sso import settings
from afterbell.steps.sso import CROWD, Provider

BACK = "https://desk.example.org/enter/sso/back"


def test_a_crowd_that_waits_for_a_provider_is_sent_away():
    go = Event()

    def silent(_request):
        assert go.wait(60)
        return httpx.Response(500)

    table = {"issuer": "https://id.example.org", "client_id": "pages", "roles": {"desk": "reader"}}
    with httpx.Client(transport=httpx.MockTransport(silent)) as client, ThreadPoolExecutor(CROWD + 3) as pool:
        provider = Provider(settings({"web": {"oidc": table}}), "", client)
        asked = [pool.submit(provider.start, f"secret-{number}", BACK) for number in range(CROWD + 3)]
        try:
            for refused, each in enumerate(as_completed(asked, 60), 1):
                with pytest.raises(ProviderError, match="too many sign in"):
                    each.result()
                if refused == 3:
                    break
        finally:
            go.set()
        assert sum("refuses" in str(each.exception()) for each in asked) == CROWD
