#include "vitrum/validation/challenge/challenge_seal.hpp"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/random.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/hdf5/sha256.hpp"

namespace vitrum::validation {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* format_name = "seal of a vitrum challenge, 1";

Json pairs_as_json(const std::vector<std::pair<std::string, std::string>>& rows) {
    Json all = Json::object();
    for (const auto& [key, value] : rows) all[key] = value;
    return all;
}

std::vector<std::pair<std::string, std::string>> pairs_from(const Json& json) {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const auto& [key, value] : json.items()) rows.emplace_back(key, value.get<std::string>());
    return rows;
}

Json as_json(const TruthRow& row) {
    Json places = Json::array();
    for (const auto& c : row.abscissa)
        places.push_back({{"name", c.name}, {"index", c.index}, {"value", c.value}, {"unit", c.unit}});
    return {{"quantity", row.quantity},
            {"unit", row.unit},
            {"at", places},
            {"value", std::isfinite(row.value) ? Json(row.value) : Json(nullptr)},
            {"origin", name(row.origin)},
            {"note", row.note}};
}

TruthRow truth_from(const Json& json) {
    TruthRow row;
    row.quantity = json.at("quantity");
    row.unit = json.at("unit");
    for (const auto& c : json.at("at"))
        row.abscissa.push_back({c.at("name"), c.at("index"), c.at("value"), c.at("unit")});
    row.value = json.at("value").is_null() ? not_a_number : json.at("value").get<double>();
    row.origin = origin_from(json.at("origin").get<std::string>());
    row.note = json.at("note");
    return row;
}

std::string read_text(const fs::path& file) {
    std::ifstream in(fs::is_regular_file(file) ? file : fs::path(), std::ios::binary);
    if (!in) throw InputError(fmt::format("no seal '{}'; name it with --seal", file.string()));
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

Secret draw_secret() {
    std::array<std::uint64_t, 6> words{};
    auto* at = reinterpret_cast<unsigned char*>(words.data());
    for (std::size_t have = 0; have < sizeof(words);) {
        const ssize_t got = getrandom(at + have, sizeof(words) - have, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) throw RunError(fmt::format("the system gives no random numbers: {}", std::strerror(errno)));
        have += static_cast<std::size_t>(got);
    }
    Secret secret;
    secret.seed = {words[0], words[1]};
    for (std::size_t i = 2; i < words.size(); ++i) secret.salt += fmt::format("{:016x}", words.at(i));
    return secret;
}

std::string Seal::hash() const { return io::sha256(salt + contents); }

Seal make_seal(const SealContents& c, const std::string& salt) {
    Json sets = Json::array();
    for (const auto& set : c.sets) {
        Json truth = Json::array();
        for (const auto& row : set.truth) truth.push_back(as_json(row));
        sets.push_back({{"name", set.name},
                        {"ending", set.ending},
                        {"data_hash", set.data_hash},
                        {"setting", set.setting},
                        {"settings", pairs_as_json(set.settings)},
                        {"replicate", set.replicate},
                        {"unit", set.unit},
                        {"number", set.number},
                        {"truth", truth},
                        {"scenario", set.scenario}});
    }
    const Json contents{{"title", c.title},
                        {"question", c.question},
                        {"seed", fmt::format("{:016x}{:016x}", c.seed[0], c.seed[1])},
                        {"quantities", c.quantities},
                        {"relative", c.relative},
                        {"level", c.level},
                        {"most_missing", c.most_missing},
                        {"provenance", pairs_as_json(c.provenance)},
                        {"data_sets", sets},
                        {"challenge", c.challenge}};
    return {salt, contents.dump(1)};
}

SealContents contents_of(const Seal& seal, const std::string& file) {
    try {
        const Json json = Json::parse(seal.contents);
        SealContents c;
        c.title = json.at("title");
        c.question = json.at("question");
        const std::string seed = json.at("seed");
        c.seed = {std::stoull(seed.substr(0, 16), nullptr, 16), std::stoull(seed.substr(16), nullptr, 16)};
        c.quantities = json.at("quantities").get<std::vector<std::string>>();
        c.relative = json.at("relative").get<std::vector<std::string>>();
        c.level = json.at("level");
        c.most_missing = json.at("most_missing");
        c.challenge = json.at("challenge");
        c.provenance = pairs_from(json.at("provenance"));
        for (const auto& item : json.at("data_sets")) {
            SealedSet set;
            set.name = item.at("name");
            set.ending = item.value("ending", ".h5");
            set.data_hash = item.at("data_hash");
            set.setting = item.at("setting");
            set.settings = pairs_from(item.at("settings"));
            set.replicate = item.at("replicate");
            set.unit = item.at("unit");
            set.number = item.at("number");
            set.scenario = item.at("scenario");
            for (const auto& row : item.at("truth")) set.truth.push_back(truth_from(row));
            c.sets.push_back(std::move(set));
        }
        return c;
    } catch (const std::exception&) {
        throw InputError(fmt::format("'{}': the contents of the seal are damaged", file));
    }
}

void write_seal(const fs::path& file, const Seal& seal) {
    // Rights before contents.
    std::ofstream(file, std::ios::binary).close();
    std::error_code failed;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, failed);
    std::ofstream out(file, std::ios::binary);
    out << Json{{"format", format_name}, {"hash", seal.hash()}, {"salt", seal.salt}, {"contents", seal.contents}}.dump(
               1)
        << '\n';
    out.close();
    if (failed || !out) throw RunError(fmt::format("cannot write the seal '{}'", file.string()));
}

Seal read_seal(const fs::path& file) {
    Seal seal;
    std::string stored;
    try {
        const Json json = Json::parse(read_text(file));
        if (json.at("format") != format_name) throw std::runtime_error("format");
        seal.salt = json.at("salt");
        seal.contents = json.at("contents");
        stored = json.at("hash");
    } catch (const InputError&) {
        throw;
    } catch (const std::exception&) {
        throw InputError(fmt::format("'{}' is no seal of a challenge, or damaged", file.string()));
    }
    if (seal.hash() != stored)
        throw InputError(
            fmt::format("'{}' was changed after it was made: its contents do not give its hash; nothing "
                        "in it can be trusted",
                        file.string()));
    return seal;
}

}  // namespace vitrum::validation
