"""Where does an extract stay between two steps, so that a stolen disk or a killed run leaves nothing to read?

Parquet modular encryption (AES-256-GCM, footer included), one key a file by HKDF from 32 random bytes of the run.
These bytes are kept only wrapped by the keyring. Purging destroys them first: what is left is noise.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
from typing import TYPE_CHECKING, Final, Self

import pyarrow as pa
import pyarrow.parquet as pq
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyarrow.parquet.encryption import create_decryption_properties, create_encryption_properties

from pipeline.files.durable import create_file, file_name, make_private_folder, storage_named, sync_folder, write_file
from pipeline.files.partial import Lock
from pipeline.files.reading import fitting_rows, repeating
from pipeline.files.rowgroups import RowGroupWriter
from pipeline.keyfiles import SECRET_BYTES
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from pipeline.home import Home
    from pipeline.keyring import Keyring

_RUN_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,127}")
_SCHEME: Final = b"douane/staging/1"
_NONCE_BYTES: Final = 12


class StagingFailed(DouaneError, OSError):
    """A staged table that is missing, damaged, or another run's or table's; or a run that is already under way."""


class Staging:
    """The private place of one run's tables. Open it with `Staging.open`, as a context.

    Example:
        >>> import pyarrow as pa
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from pipeline.home import Home
        >>> from pipeline.keyring import FolderKeyring
        >>> with TemporaryDirectory() as folder:
        ...     home = Home.from_environment({"DOUANE_HOME": folder})
        ...     batch = pa.record_batch({"nip": ["800001", None]})
        ...     with Staging.open(home, FolderKeyring(home.keys), "run-1") as staging:
        ...         with staging.writer("patients", batch.schema) as writer:
        ...             writer.write(batch)
        ...         staging.rows("patients"), next(staging.reader("patients")).num_rows
        (2, 2)
    """

    def __init__(
        self, folder: Path, key_file: Path, lock: Lock | None, secret: bytes, run_id: str, *, keep: bool
    ) -> None:
        self.run_id = run_id
        self.folder = folder
        self._key_file = key_file
        self._lock = lock
        self._secret = secret
        self._keep = keep

    @classmethod
    def open(cls, home: Home, keyring: Keyring, run_id: str, *, keep: bool = False) -> Staging:
        """Open the staging of a run, after purging what killed runs left behind.

        Args:
            home: Wrapped keys go to `home.private`, ciphertext to `home.staging`.
            keyring: Wraps and unwraps the run's 32 bytes.
            run_id: Letters, digits and `_.:+-`, at most 128.
            keep: For a run of several tasks: leaving the context keeps everything for the next tasks, which `reopen`
                the same `run_id`; `purge` ends it. Otherwise leaving the context purges.

        Raises:
            StagingFailed: A living process has this run open, or the run id is not one.
            StorageFailed: The folders can't be written.
            KeyRefused: The run was started with another keyring.
        """
        if not _RUN_ID.fullmatch(run_id):
            raise StagingFailed("that is no run id", hint="Use 1 to 128 letters, digits and _.:+-.")
        make_private_folder(home.private)
        make_private_folder(home.staging)
        lock = Lock(home.private / f"{run_id}.lock")
        with storage_named(f"lock the run in {home.private}"):
            purge_abandoned(home)
            free = lock.acquire()
        if not free:
            raise StagingFailed(f"the run {run_id} is under way in another process", hint="Wait for it to end.")
        key_file = home.private / f"{run_id}.{'kept' if keep else 'key'}"
        try:
            secret = _run_secret(key_file, keyring, run_id)
            folder = make_private_folder(home.staging / key_file.name)
        except BaseException:
            lock.release()
            raise
        return cls(folder, key_file, lock, secret, run_id, keep=keep)

    @classmethod
    def reopen(cls, home: Home, keyring: Keyring, run_id: str) -> Staging:
        """Open a kept run for one of its next tasks. Several may: each writes tables and notes of its own.

        Raises:
            StagingFailed: The run was never staged, or is purged already.
            KeyRefused: The run was started with another keyring.
        """
        if not _RUN_ID.fullmatch(run_id):
            raise StagingFailed("that is no run id", hint="Use 1 to 128 letters, digits and _.:+-.")
        key_file = home.private / f"{run_id}.kept"
        if not key_file.exists():
            raise StagingFailed(
                f"the staging of {run_id} was purged, or never made",
                hint="Run again from the source (clear `extract`).",
            )
        secret = _run_secret(key_file, keyring, run_id)
        return cls(home.staging / key_file.name, key_file, None, secret, run_id, keep=True)

    def keep_note(self, name: str, content: bytes) -> None:
        """Keep a small file for the run's next tasks (findings, counts), enciphered; it replaces one of the same name.

        Raises:
            StorageFailed: The disk is full or not writable; the former note stands.
        """
        key, bound = self._bound(f"note {name}")
        nonce = secrets.token_bytes(_NONCE_BYTES)
        path = self._note(name)
        aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with storage_named(f"keep a note in the staging {self.folder}"):
            write_file(aside, nonce + AESGCM(key).encrypt(nonce, content, bound))
            aside.replace(path)

    def note(self, name: str) -> bytes:
        """Read a note of this run.

        Raises:
            StagingFailed: Missing, changed, or another note's or run's file.
        """
        key, bound = self._bound(f"note {name}")
        try:
            kept = self._note(name).read_bytes()
            return AESGCM(key).decrypt(kept[:_NONCE_BYTES], kept[_NONCE_BYTES:], bound)
        except FileNotFoundError:
            problem = "is not there"
        except (InvalidTag, ValueError):
            problem = "was changed"
        raise StagingFailed(
            f"the note {name} in the staging of {self.run_id} {problem}", hint="Run again from the source."
        )

    @contextlib.contextmanager
    def writer(self, table: str, schema: pa.Schema) -> Iterator[RowGroupWriter]:
        """Stream one table in; `.write(batch)` takes batches of that schema. Memory: one row group of 131,072 rows.

        The table can be read once the context has ended well; it replaces one of the same name.

        Raises:
            StorageFailed: The disk is full or not writable; nothing stands under the table's name.
        """
        path = self._path(table)
        aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        doing = f"write {table} into the staging {self.folder}"
        with RowGroupWriter(
            aside, schema, doing=doing, compression="lz4", encryption_properties=self._encryption(table)
        ) as rows:
            yield rows
        aside.replace(path)

    def reader(
        self,
        table: str,
        *,
        columns: Sequence[str] | None = None,
        dictionary: Sequence[str] = (),
        batch_size: int = 65_536,
    ) -> Iterator[pa.RecordBatch]:
        """Stream one table out, deciphered, in batches of at most `batch_size` rows, or fewer where texts are long.

        Args:
            table: A table that was written.
            columns: Only these, in the table's order; all by default.
            dictionary: Text columns that may come as dictionaries; those do in which few values repeat.
            batch_size: Rows a batch.

        Raises:
            StagingFailed: Missing, changed, or the file of another table or run.
        """
        with self._opened(table, dictionary) as file:
            wanted = None if columns is None else list(columns)
            if not set(wanted or ()) <= set(file.schema_arrow.names):
                raise StagingFailed(f"{table} has no such column", hint="Ask for columns of its schema.")
            yield from file.iter_batches(batch_size=min(batch_size, fitting_rows(file.metadata)), columns=wanted)

    def schema(self, table: str) -> pa.Schema:
        """Give the schema that the table was written with."""
        with self._opened(table) as file:
            return file.schema_arrow

    def rows(self, table: str) -> int:
        """Give the number of rows of a table, from its footer."""
        with self._opened(table) as file:
            return int(file.metadata.num_rows)

    def purge(self) -> None:
        """Destroy the run's key, then remove its files. A second call does nothing."""
        self._secret = b""
        _purge(self._key_file, self.folder)

    def close(self) -> None:
        """Purge (unless the run is kept for its next task) and let go of the run."""
        if not self._keep:
            self.purge()
        if self._lock:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _path(self, table: str) -> Path:
        return self.folder / file_name(table, ".parquet")

    def _note(self, name: str) -> Path:
        return self.folder / file_name(name, ".note")

    @contextlib.contextmanager
    def _opened(self, table: str, dictionary: Sequence[str] = ()) -> Iterator[pq.ParquetFile]:
        path = self._path(table)
        if not path.exists():
            raise StagingFailed(f"{table} is not in the staging of {self.run_id}", hint="Run again from the source.")
        key, aad = self._bound(table)
        try:
            properties = create_decryption_properties(key, aad_prefix=aad)
            with pq.ParquetFile(path, decryption_properties=properties, memory_map=False, pre_buffer=False) as file:
                few = repeating(file, dictionary) if dictionary else []
                if not few:
                    yield file
                    return
            with pq.ParquetFile(
                path, decryption_properties=properties, memory_map=False, pre_buffer=False, read_dictionary=few
            ) as file:
                yield file
        except StagingFailed:
            raise
        except (OSError, pa.ArrowException):
            # Arrow says which page failed to open, and from which native line: nothing that a reader can act on.
            raise StagingFailed(
                f"{table} in the staging of {self.run_id} was changed, or is another table's or run's file",
                hint="Run again from the source, and find out who writes there.",
            ) from None

    def _encryption(self, table: str) -> object:
        key, aad = self._bound(table)
        return create_encryption_properties(
            key, aad_prefix=aad, store_aad_prefix=False, encryption_algorithm="AES_GCM_V1"
        )

    def _bound(self, table: str) -> tuple[bytes, bytes]:
        """Derive a file's key and AAD from run and table: a file that is swapped for another opens with neither."""
        if not self._secret:
            raise StagingFailed(f"the staging of {self.run_id} was purged", hint="Run again from the source.")
        labels = [_SCHEME, self.run_id.encode(), table.encode()]
        info = b"".join(len(label).to_bytes(4, "big") + label for label in labels)
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(self._secret), info


def purge_abandoned(home: Home) -> int:
    """Purge the runs in `home` whose process is dead (kept runs apart); returns how many there were."""
    purged = 0
    # Locks too: a run that died before it had a key, or just after its key was destroyed, left nothing else.
    left = home.private.iterdir() if home.private.is_dir() else ()
    for run_id in {path.stem for path in left if path.suffix in {".key", ".lock"}}:
        lock = Lock(home.private / f"{run_id}.lock")
        if lock.acquire():
            key_file = home.private / f"{run_id}.key"
            purged += key_file.exists()
            _purge(key_file, home.staging / key_file.name)
            for aside in home.private.glob(f".{run_id}.*"):
                aside.unlink(missing_ok=True)  # a key that never got its name
            lock.release()
    for folder in home.staging.iterdir() if home.staging.is_dir() else ():
        # A key is kept before its folder is made: a folder without one is what a killed purge left.
        if not (home.private / folder.name).exists():
            shutil.rmtree(folder, ignore_errors=True)
    return purged


def _run_secret(key_file: Path, keyring: Keyring, run_id: str) -> bytes:
    context = f"staging run {run_id}"
    with storage_named(f"keep the run's key in {key_file.parent}"):
        if key_file.exists():
            return keyring.unwrap(key_file.read_bytes(), context=context)
        secret = secrets.token_bytes(SECRET_BYTES)
        create_file(key_file, keyring.wrap(secret, context=context))
    return secret


def _purge(key_file: Path, folder: Path) -> None:
    """Overwrite and remove the wrapped key, and see to it that the disk has done so, before any file is touched.

    Overwriting is a courtesy (a journaling disk may keep the old block): what it holds opens only with the keyring.
    """
    with contextlib.suppress(FileNotFoundError):
        with key_file.open("r+b") as file:
            file.write(bytes(os.fstat(file.fileno()).st_size))
            file.flush()
            os.fsync(file.fileno())
        key_file.unlink()
        sync_folder(key_file.parent)
    shutil.rmtree(folder, ignore_errors=True)
