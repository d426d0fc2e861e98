import pytest
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

from modelfoundry.api.open_streams import MAX_STREAMS, MAX_STREAMS_OF_A_TOKEN, OpenStreams


def test_a_token_has_so_many_streams_and_no_more_until_one_is_closed():
    streams = OpenStreams()
    closers = [streams.open("a") for _ in range(MAX_STREAMS_OF_A_TOKEN)]

    with pytest.raises(TooManyRequests, match="16 event streams of this token"):
        streams.open("a")
    streams.open("b")
    closers[0]()
    streams.open("a")


def test_all_together_are_never_more_than_the_server_has_threads_for():
    streams = OpenStreams()
    closers = [streams.open(None) for _ in range(MAX_STREAMS)]

    with pytest.raises(ServiceUnavailable, match="poll with Accept: application/json"):
        streams.open("a")
    closers[0]()
    streams.open("a")
