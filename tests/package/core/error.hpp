// Another project's header of a name that Vitrum has too.
#pragma once

namespace consumer {
inline constexpr int own_errors = 42;
}
