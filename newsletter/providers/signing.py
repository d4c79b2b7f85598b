"""Which DKIM key signs for a sender: that of its domain, or of the nearest domain above it."""

from collections.abc import Mapping

from newsletter.compose.dkim import Signer
from newsletter.compose.headers import domain
from newsletter.declared import DkimKey
from newsletter.errors import ProviderMisused, Unmailable


class Signers:
    """The keys of the setting DKIM, by domain; each is read when it is first wanted."""

    def __init__(self, keys: Mapping[str, DkimKey] | None = None) -> None:
        self._keys = dict(keys or {})
        self._read: dict[str, Signer] = {}

    def check(self) -> None:
        """Read every key; raises ProviderMisused for one that is none."""
        for name in self._keys:
            self._signer(name)

    def of(self, address: str) -> Signer | None:
        """Return who signs for a sender's address, None when nobody does; raises ProviderMisused.

        DMARC wants the domain that signs to be that of From, or one above it.
        """
        labels = domain(address.rpartition("@")[2]).lower().split(".")
        names = (".".join(labels[at:]) for at in range(len(labels) - 1))
        return next((self._signer(name) for name in names if name in self._keys), None)

    def _signer(self, name: str) -> Signer:
        if name not in self._read:
            key = self._keys[name]
            try:
                pem = key.key.read_bytes()
                self._read[name] = Signer(pem, domain=domain(name), selector=key.selector)
            except OSError as error:
                raise ProviderMisused(
                    f"the DKIM key of {name} cannot be read: {error.strerror}", f"look at {key.key}"
                ) from None
            except Unmailable as error:
                raise ProviderMisused(
                    f"DKIM for {name}: {error}", "docs/how-to/dkim.md makes one"
                ) from None
        return self._read[name]
