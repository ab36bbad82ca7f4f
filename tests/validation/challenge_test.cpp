// Challenges: the seal binds data and truth, the data can be made again from the seal alone, the order is drawn.
#include "vitrum/validation/challenge/challenge.hpp"

#include <cmath>
#include <fstream>
#include <map>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "tests/temporary_folder.hpp"
#include "vitrum/io/frames/frames_file.hpp"
#include "vitrum/io/hdf5/data_hash.hpp"
#include "vitrum/io/hdf5/sha256.hpp"
#include "vitrum/validation/challenge/challenge_make.hpp"
#include "vitrum/validation/challenge/challenge_score.hpp"
#include "vitrum/validation/challenge/challenge_text.hpp"

namespace vitrum::validation {
namespace {

constexpr const char* text = R"(
[challenge]
quantities = ["tau", "beta"]
replicates = 3
[grid]
"source.glass.tau" = ["6 s", "23 s"]
[draw]
"source.glass.beta" = { from = 1.1, to = 1.9 }
[source.glass]
kind = "speckle"
frames = 30
rows = 8
columns = 8
)";

Challenge challenge_in(const TemporaryFolder& folder, const std::string& toml = text) {
    std::ofstream(folder / "c.toml") << toml;
    return read_challenge(folder / "c.toml");
}

const Secret secret{{0x0123456789abcdefULL, 0xfedcba9876543210ULL}, std::string(64, 'a')};

struct Made {
    Made() : challenge(challenge_in(folder)) {
        make_challenge(challenge, secret, folder / "blind", folder / "blind.seal", {1, true, false});
    }
    [[nodiscard]] SealContents open() const { return open_challenge(folder / "blind", folder / "blind.seal"); }
    TemporaryFolder folder;
    Challenge challenge;
};

TEST(Seal, HashIsThatOfSaltAndContents) {
    // SHA-256 of "abc": FIPS 180-2, appendix B.1.
    const Seal seal{"a", "bc"};
    EXPECT_EQ(seal.hash(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Seal, ComesBackToTheBit) {
    const TemporaryFolder folder;
    SealContents c;
    c.title = "A \"title\"";
    c.seed = secret.seed;
    c.quantities = {"tau"};
    c.level = 0.9;
    SealedSet set;
    set.name = "set_1";
    set.settings = {{"source.glass.tau", "\"0.1 s\""}};
    set.number = 17;
    set.truth.push_back({"tau", "s", {{"region", 2, 0.1 + 0.2, "1/angstrom"}}, 1.0 / 3, Origin::recorded, "note"});
    set.truth.push_back({"beta", "", {}, not_a_number, Origin::closed_form, ""});
    c.sets.push_back(set);
    const Seal seal = make_seal(c, secret.salt);
    write_seal(folder / "s", seal);
    const Seal again = read_seal(folder / "s");
    EXPECT_EQ(again.hash(), seal.hash());
    const SealContents back = contents_of(again, "s");
    EXPECT_EQ(back.seed, c.seed);
    EXPECT_EQ(back.sets[0].settings, set.settings);
    EXPECT_EQ(back.sets[0].truth[0].value, 1.0 / 3);
    EXPECT_EQ(back.sets[0].truth[0].abscissa[0].value, 0.1 + 0.2);
    EXPECT_EQ(back.sets[0].truth[0].origin, Origin::recorded);
    EXPECT_TRUE(std::isnan(back.sets[0].truth[1].value));
    namespace fs = std::filesystem;
    EXPECT_EQ(fs::status(folder / "s").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(Seal, SecretsAreNotRepeated) {
    std::set<std::string> salts;
    std::set<std::uint64_t> seeds;
    for (int i = 0; i < 20; ++i) {
        const Secret s = draw_secret();
        EXPECT_EQ(s.salt.size(), 64U);
        salts.insert(s.salt);
        seeds.insert(s.seed.begin(), s.seed.end());
    }
    EXPECT_EQ(salts.size(), 20U);
    EXPECT_EQ(seeds.size(), 40U);
}

// From the scenario and the 128 bits in the seal, without the challenge file: the same counts.
TEST(Challenge, DataCanBeMadeAgainFromTheSeal) {
    const Made made;
    const SealContents c = made.open();
    ASSERT_EQ(c.sets.size(), 6U);
    const Secret stored{c.seed, ""};
    for (const auto& set : c.sets) {
        std::ofstream(made.folder / "again.toml") << set.scenario;
        const auto scenario = pipeline::read_scenario(made.folder / "again.toml", {}, std::nullopt);
        const auto& unit = scenario.sources[0].units[0];
        pipeline::UnitContext context{stored.key(set.number), made.folder.path(), [](double, const std::string&) {}};
        auto data = unit.generate(context).data;
        data.name = data.title = set.name;
        data.abscissa.clear();
        data.traces.clear();
        io::write_blind_frames(made.folder / "again.h5", data, nullptr);
        EXPECT_EQ(io::compute_data_hash(made.folder / "again.h5"), set.data_hash) << set.name;
    }
}

// Both words of the 128 bits and the number of the data set change the data.
TEST(Challenge, EveryBitOfTheSecretCounts) {
    const TemporaryFolder folder;
    const auto challenge = challenge_in(folder);
    const auto scenario = challenge.scenario(challenge.settings(0, secret.key(0)));
    const auto counts = [&](const StreamKey& key) {
        pipeline::UnitContext context{key, folder.path(), [](double, const std::string&) {}};
        return std::get<SpeckleSeries>(scenario.sources[0].units[0].generate(context).data.data).counts;
    };
    const auto first = counts(secret.key(1));
    EXPECT_EQ(counts(secret.key(1)), first);
    EXPECT_NE(counts(secret.key(2)), first);
    for (std::size_t word = 0; word < 2; ++word) {
        Secret other = secret;
        other.seed.at(word) ^= std::uint64_t{1} << 63;
        EXPECT_NE(counts(other.key(1)), first) << word;
    }
}

// The order follows the secret: another secret, another order; every setting and replicate stands once.
TEST(Challenge, OrderIsDrawn) {
    const TemporaryFolder folder;
    const auto challenge = challenge_in(folder);
    std::set<std::vector<std::uint64_t>> orders;
    for (std::uint64_t i = 0; i < 4; ++i) {
        const std::string name = fmt::format("blind_{}", i);
        make_challenge(challenge, {{i, 7}, std::string(64, 'b')}, folder / name, folder / (name + ".seal"),
                       {1, true, false});
        const auto c = open_challenge(folder / name, folder / (name + ".seal"));
        std::vector<std::uint64_t> order;
        std::map<std::string, std::set<std::size_t>> replicates;
        for (const auto& set : c.sets) {
            order.push_back(set.number);
            replicates[set.setting].insert(set.replicate);
        }
        EXPECT_EQ(replicates["tau = 6 s"].size(), 3U);
        EXPECT_EQ(replicates["tau = 23 s"].size(), 3U);
        orders.insert(order);
    }
    EXPECT_GE(orders.size(), 3U);  // of 720 orders, two of four alike with probability 1/120
    EXPECT_EQ(orders.count({0, 1, 2, 3, 4, 5}), 0U);
}

TEST(Challenge, DrawnSettingsLieBetweenTheirEnds) {
    const DrawnSetting linear{"k", 2, 6, "s", false};
    EXPECT_EQ(linear.at(0), "\"2 s\"");
    EXPECT_EQ(linear.at(0.25), "\"3 s\"");
    EXPECT_EQ(linear.at(1), "\"6 s\"");
    const DrawnSetting log{"k", 1, 16, "", true};
    EXPECT_EQ(log.at(0.5), "4.0");
    const TemporaryFolder folder;
    const auto challenge = challenge_in(folder);
    std::set<std::string> drawn;
    for (std::uint64_t n = 0; n < 50; ++n) {
        const auto settings = challenge.settings(0, secret.key(n));
        ASSERT_EQ(settings.size(), 2U);
        EXPECT_EQ(settings[0].second, "\"6 s\"");
        const double beta = std::stod(settings[1].second);
        EXPECT_TRUE(beta >= 1.1 && beta <= 1.9) << beta;
        drawn.insert(settings[1].second);
    }
    EXPECT_EQ(drawn.size(), 50U);
}

TEST(Challenge, TitleMustNotTell) {
    SealContents c;
    c.sets.push_back({"set_1", ".h5", "", "", {{"source.glass.tau", "\"6.5 s\""}}, 0, "glass", 0, "", {}});
    const std::vector<Asked> asked{{0, "beta", "", "", 1.25}};
    c.title = "Ten data sets of 120 frames";
    EXPECT_EQ(truth_told_by(c, asked), "");
    c.question = "Is beta=1.25 measurable?";
    EXPECT_EQ(truth_told_by(c, asked), "1.25");
    c.question = "tau (6.5s)";
    EXPECT_EQ(truth_told_by(c, asked), "6.5");
}

TEST(Challenge, WrongFilesAreOneLine) {
    const TemporaryFolder folder;
    const auto with = [&](const std::string& head, const std::string& rest = "") {
        return challenge_in(
            folder, "[challenge]\n" + head + "\n" + rest + "\n[source.glass]\nkind = \"speckle\"\ntau = \"6 s\"\n");
    };
    EXPECT_MESSAGE(challenge_in(folder, "[scenario]\n"), "no table [challenge]");
    EXPECT_MESSAGE(with(""), "quantities: is missing");
    EXPECT_MESSAGE(with("quantities = [\"tua\"]"), "'tua' is no quantity; did you mean 'tau'?");
    EXPECT_MESSAGE(with("quantities = [\"tau\", \"tau\"]"), "names 'tau' twice");
    EXPECT_MESSAGE(with("quantities = [\"tau\"]\nrelative = [\"beta\"]"), "'beta' is not among the quantities");
    EXPECT_MESSAGE(with("quantities = [\"tau\"]\nlevel = 95"), "level: lies between 0 and 1");
    EXPECT_MESSAGE(with("quantities = [\"tau\"]\nseeed = 95"), "seeed");
    EXPECT_MESSAGE(with("quantities = [\"tau\"]\nscenario = \"first_look\""), "one of both");
    EXPECT_MESSAGE(with("quantities = [\"tau\"]", "[judge.tau]\n"), "[judge] is unknown in a challenge");
    const auto draw = [&](const std::string& value) {
        return with("quantities = [\"tau\"]", "[draw]\n\"source.glass.tau\" = " + value);
    };
    EXPECT_MESSAGE(draw("3"), "draw.source.glass.tau: write");
    EXPECT_MESSAGE(draw("{ from = \"5 s\", to = \"80\" }"), "write a number, or a number with its unit");
    EXPECT_MESSAGE(draw("{ from = \"5 s\", to = \"80 ms\" }"), "has not the unit of from");
    EXPECT_MESSAGE(draw("{ from = \"5 s\", to = \"2 s\" }"), "is not above from");
    EXPECT_MESSAGE(draw("{ from = 0, to = 2, scale = \"log\" }"), "is not positive");
    EXPECT_MESSAGE(draw("{ from = \"-5 s\", to = \"2 s\" }"), "(with tau = -5 s)");
    EXPECT_MESSAGE(with("quantities = [\"tau\"]",
                        "[draw]\n\"source.glass.tau\" = { from = \"1 s\", to = \"2 s\" }\n"
                        "[grid]\n\"source.glass.tau\" = [\"1 s\"]\n"),
                   "stands both in [draw] and in [grid]");
}

}  // namespace
}  // namespace vitrum::validation
