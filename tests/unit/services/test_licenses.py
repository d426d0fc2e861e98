from modelfoundry.services.licenses import licenses


def test_libraries_and_what_they_need_themselves_are_listed_with_their_licences():
    by_name = {each.name.lower(): each for each in licenses()}

    assert by_name["flask"].license == "BSD-3-Clause"
    assert by_name["jinja2"].version  # which Flask needs
    assert "modelfoundry" not in by_name
    assert "pytest" not in by_name  # only for who develops it


def test_no_text_of_a_licence_is_taken_for_its_name():
    assert max(len(each.license) for each in licenses()) < 200
