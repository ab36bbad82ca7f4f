#include "vitrum/outside/method.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/hdf5/sha256.hpp"
#include "vitrum/process/environment.hpp"
#include "vitrum/process/find_program.hpp"

namespace vitrum::outside {

namespace {

namespace fs = std::filesystem;

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
    return text;
}

bool in_some_word(const OutsideMethod& method, const std::string& what) {
    return std::any_of(method.command.begin(), method.command.end(),
                       [&](const std::string& word) { return word.find(what) != std::string::npos; });
}

bool is_file(const OutsideMethod& method, const std::string& word) {
    std::error_code failed;
    return !word.empty() && fs::is_regular_file(method.folder / word, failed);
}

fs::path program_file(const OutsideMethod& method) {
    if (const auto found = process::find_program(method.command.front(), method.folder)) return *found;
    throw InputError(fmt::format("method '{}': no program '{}'{}", method.name, method.command.front(),
                                 is_file(method, method.command.front())
                                     ? "; the file of that name may be started as \"./NAME\" once it is executable"
                                     : ""));
}

std::string hash_of(const OutsideMethod& method, const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    io::Sha256 sum;
    std::vector<char> bytes(1 << 16);
    while (in) {
        in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        sum.add(bytes.data(), static_cast<std::size_t>(in.gcount()));
    }
    if (!in.eof()) throw InputError(fmt::format("method '{}': '{}' cannot be read", method.name, file.string()));
    return sum.hex();
}

void check(const OutsideMethod& method) {
    const auto refuse = [&](const std::string& what) {
        throw InputError(fmt::format("method '{}': {}", method.name, what));
    };
    if (method.command.empty() || method.command.front().empty())
        refuse(R"(no command; write it as ["python3", "fit.py", "{data}", "{out}"])");
    for (const char* place : {"{data}", "{out}"})
        if (!in_some_word(method, place))
            refuse(fmt::format("the command names no {}: the folder that the program {}", place,
                               std::string(place) == "{data}" ? "reads" : "writes to"));
    const process::Limits& l = method.limits;
    for (const auto& [what, value] :
         {std::pair("wall", l.wall), std::pair("memory", l.memory), std::pair("file", l.file),
          std::pair("folder", l.folder), std::pair("printed", l.printed)})
        if (!(value > 0)) refuse(fmt::format("the limit '{}' is {}; it must be above 0", what, value));
    if (method.batch == 0) refuse("batch = 0; it is at least 1");
    static_cast<void>(process::plain_environment(".", method.keep));
}

}  // namespace

std::vector<MethodFile> files_of(const OutsideMethod& method) {
    check(method);
    std::vector<MethodFile> files;
    const auto add = [&](const std::string& name, const fs::path& file) {
        files.push_back({name, file, hash_of(method, file)});
    };
    add(method.command.front(), program_file(method));
    for (std::size_t i = 1; i < method.command.size(); ++i)
        if (is_file(method, method.command[i])) add(method.command[i], fs::absolute(method.folder / method.command[i]));
    for (const fs::path& file : method.files) {
        if (!is_file(method, file.string()))
            throw InputError(fmt::format("method '{}': no file '{}'", method.name, file.string()));
        add(file.string(), fs::absolute(method.folder / file));
    }
    return files;
}

std::string identity(const OutsideMethod& method) { return identity(method, files_of(method)); }

std::string identity(const OutsideMethod& method, const std::vector<MethodFile>& files) {
    io::Sha256 sum;
    // Lengths keep lists apart that read alike when written one behind the other.
    const auto add = [&](const std::string& text) { sum.add(fmt::format("{}:{};", text.size(), text)); };
    const auto add_count = [&](std::size_t count) { add(std::to_string(count)); };
    add_count(method.command.size());
    for (const std::string& word : method.command) add(word);
    add_count(files.size());
    for (const MethodFile& file : files) {
        add(file.name);
        add(file.sha256);
    }
    add_count(method.keep.size());
    for (const std::string& name : method.keep) add(name);
    const process::Limits& l = method.limits;
    for (const double limit : {l.wall, l.memory, l.file, l.folder, l.printed}) add(fmt::format("{}", limit));
    add_count(method.batch);
    return sum.hex();
}

process::Program program_of(const OutsideMethod& method, const std::string& data, const std::string& out) {
    process::Program program;
    program.file = program_file(method);
    program.arguments.push_back(method.command.front());
    for (std::size_t i = 1; i < method.command.size(); ++i) {
        const std::string& word = method.command[i];
        program.arguments.push_back(is_file(method, word)
                                        ? fs::absolute(method.folder / word).lexically_normal().string()
                                        : replaced(replaced(word, "{data}", data), "{out}", out));
    }
    return program;
}

}  // namespace vitrum::outside
