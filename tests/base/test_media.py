"""Pictures lie in a folder or in a bucket, by the same two calls; a store that is away says so."""

from io import BytesIO

import pytest
from PIL import Image

from base.config import ConfigError, load
from base.media import Bucket, Folder, MediaError
from base.outbound import Timeouts
from base.secret import Secret
from catalog import photos
from tests.fakes.s3 import ACCESS, REGION, SECRET, FakeS3
from tests.files import picture
from wiring import media_of


@pytest.fixture
def s3():
    with FakeS3() as fake:
        yield fake


def bucket(url, secret=SECRET, prefix="photos/togo"):
    return Bucket(url, "assigame", prefix, REGION, ACCESS, Secret(secret), Timeouts())


def test_a_folder_keeps_a_file_whole_and_reads_it(tmp_path):
    media = Folder(tmp_path / "media")
    media.put("a.jpg", b"one")
    media.put("a.jpg", b"two")  # of its name there is but one content
    assert media.get("a.jpg") == b"one"
    assert media.get("b.jpg") is None
    assert [path.name for path in (tmp_path / "media").iterdir()] == ["a.jpg"]
    assert (tmp_path / "media" / "a.jpg").stat().st_mode & 0o777 == 0o644


def test_a_bucket_keeps_what_is_signed_under_its_prefix(s3):
    bucket(s3.url).put("a.jpg", b"\xff\xd8photo")
    assert s3.objects == {"/assigame/photos/togo/a.jpg": b"\xff\xd8photo"}
    assert s3.types == {"/assigame/photos/togo/a.jpg": "image/jpeg"}
    assert bucket(s3.url).get("a.jpg") == b"\xff\xd8photo"
    assert bucket(s3.url).get("b.jpg") is None
    assert bucket(s3.url, prefix="").get("a.jpg") is None
    assert s3.asked[-1] == ("GET", "/assigame/a.jpg")


def test_a_wrong_secret_and_a_store_that_is_away_are_told(s3):
    with pytest.raises(MediaError, match="put: 403"):
        bucket(s3.url, secret="another").put("a.jpg", b"photo")
    s3.status = 503
    with pytest.raises(MediaError, match="get: 503"):
        bucket(s3.url).get("a.jpg")
    with pytest.raises(MediaError, match="not connected"):
        bucket("http://127.0.0.1:1").get("a.jpg")
    assert s3.objects == {}


def test_a_photo_goes_to_the_bucket_as_it_goes_to_the_folder(s3, db):
    name = photos.save(db, bucket(s3.url), picture(size=(2000, 1000)))
    with Image.open(BytesIO(s3.objects[f"/assigame/photos/togo/{name}.jpg"])) as image:
        assert image.size == (1024, 512)


def test_the_settings_name_the_store(tmp_path):
    here = {"ASSIGAME_VAR": str(tmp_path)}
    assert media_of(load(environ=here)) == Folder(tmp_path / "media")
    there = {"ASSIGAME__MEDIA__STORE": "s3://assigame/photos/togo", "S3_SECRET_KEY": SECRET, "S3_ACCESS_KEY": ACCESS}
    found = media_of(load(environ=here | there))
    assert (found.endpoint, found.bucket, found.prefix) == (
        "https://s3.us-east-1.amazonaws.com",
        "assigame",
        "photos/togo",
    )
    assert (found.access_key, found.secret.reveal()) == (ACCESS, SECRET)
    assert media_of(load(environ=here | there | {"S3_ENDPOINT": "https://s3.togo.example/"})).endpoint == (
        "https://s3.togo.example"
    )


@pytest.mark.parametrize("store", ["bucket", "s3://", "s3://Bad_Name", "https://s3/x", "s3://ok/../x?y"])
def test_a_store_that_is_none_is_refused_at_the_start(tmp_path, store):
    with pytest.raises(ConfigError, match="media"):
        load(environ={"ASSIGAME_VAR": str(tmp_path), "ASSIGAME__MEDIA__STORE": store})
