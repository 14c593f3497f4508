from collections.abc import Mapping
SIGNS: Mapping[str, float] = {"bag":3.7,"cover":2.1,"passage":1.0,"second":1.9,"pairs":1.6,"is_subject":2.8,"is_first":.35,"is_mentioned":1.1,"is_scenery":.17,"own_scenery":-.35,"own_mention":1.0,"head":1.3,"prominence":.55,"is_other_kind":-1.4}
ABOUT: Mapping[str, float] = {}
LEAST_ABOUT = 0.0
RIGHT: Mapping[str, float] = {}
LEAST_RIGHT = 0.0
