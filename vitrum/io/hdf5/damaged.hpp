// Readers of our own files take their tables as they come; where these do not fit together the file is damaged, or
// somebody else wrote it. One line says so.
#pragma once

#include <filesystem>
#include <new>
#include <stdexcept>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::io {

// What `read` returns. Any failure that is not a message of its own becomes an InputError that names the file.
template <class Read>
decltype(auto) undamaged(const std::filesystem::path& file, Read&& read) {
    const auto damaged = [&](const char* why) {
        return InputError(fmt::format("'{}' is damaged, or not made by vitrum: {}", file.string(), why));
    };
    try {
        return read();
    } catch (const InputError&) {
        throw;
    } catch (const RunError&) {
        throw;
    } catch (const Interrupted&) {
        throw;
    } catch (const std::out_of_range&) {
        throw damaged("its tables do not fit together");
    } catch (const std::length_error&) {
        throw damaged("it asks for more memory than there is");
    } catch (const std::bad_alloc&) {
        throw damaged("it asks for more memory than there is");
    } catch (const std::exception& e) {
        throw damaged(e.what());
    }
}

}  // namespace vitrum::io
