// SHA-256 of byte streams (OpenSSL).
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace vitrum::io {

class Sha256 {
public:
    Sha256();
    void add(const void* bytes, std::size_t count);
    void add(std::string_view text) { add(text.data(), text.size()); }
    [[nodiscard]] std::string hex();  // ends the stream

private:
    struct Close {
        void operator()(void* context) const;
    };
    std::unique_ptr<void, Close> context_;
};

[[nodiscard]] std::string sha256(std::string_view text);
// Of all bytes of a file; "" if it cannot be read. Throws Interrupted.
[[nodiscard]] std::string sha256_of_file(const std::filesystem::path& file);

}  // namespace vitrum::io
