"""The shared secret while it is replaced: ormd knows several, and each row that one of them signed."""

import pytest
from stack import Client, Ormd

NEW = "a new secret " * 4
COUNT = "result = Group.objects.count()"


@pytest.mark.parametrize("order", ["k2:{new},k1:{old}", "k1:{old},k2:{new}"])
def test_two_are_known(site, token, order):
    with Ormd(site, ORMC_SECRETS=order.format(new=NEW, old=site.secret)) as ormd:
        assert Client(ormd, None).get("/readyz").status == 200
        assert Client(ormd, token("root")).paste(COUNT)["status"] == "ok"


def test_rows_of_another_are_refused(site):
    with Ormd(site, ORMC_SECRETS=f"k2:{NEW}") as ormd:
        ready = Client(ormd, None).get("/readyz")
        assert (ready.status, ready.json["checks"]["manifest"]) == (503, "manifest-invalid")
        assert ormd.events("row_rejected")


@pytest.mark.parametrize("wrong", ["no-kid", ":x", "k1:"])
def test_what_is_no_list_of_secrets_is_said(site, wrong):
    ormd = Ormd(site, ORMC_SECRETS=wrong)
    with pytest.raises(AssertionError, match="ORMC_SECRETS is kid:secret,kid:secret"):
        ormd.start()
