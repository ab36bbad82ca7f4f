// The journal of a study survives a death at any byte.
#include "vitrum/validation/study/journal.hpp"

#include <fstream>
#include <sstream>

#include <boost/crc.hpp>
#include <gtest/gtest.h>

#include "tests/temporary_folder.hpp"
#include "vitrum/core/error.hpp"

namespace vitrum::validation {
namespace {

namespace fs = std::filesystem;

Observed replicate(std::uint64_t number) {
    Observed o;
    o.estimands.push_back({"chain", "speckle", "tau", "s", {}, 0.95});
    o.estimands.push_back({"chain", "speckle", "g2", "", {{"lag", 10, 10, "frames"}}, 0.95});
    if (number == 2) o.estimands.push_back({"chain", "", "activation_volume", "angstrom^3", {}, 0.95});
    o.rows.cell = static_cast<std::uint32_t>(number % 2);
    o.rows.replicate = number;
    o.rows.seconds = 0.5;
    if (number == 1) o.rows.failure = "cuzr: the worker died";
    for (std::uint32_t i = 0; i < o.estimands.size(); ++i) {
        Row row;
        row.estimand = i;
        row.status = i == 0 ? Status::at_bound : Status::ok;
        row.origin = Origin::recorded;
        row.truth = 10;
        row.estimate = 10 + 0.1 * static_cast<double>(number) + i;
        row.standard_error = 0.1;
        row.lower = 9;
        row.upper = 11;
        o.rows.rows.push_back(row);
    }
    return o;
}

void write_some(const fs::path& file, std::uint64_t first, std::uint64_t last) {
    Journal journal(file);
    for (std::uint64_t i = first; i < last; ++i) journal.add(replicate(i));
}

Outcomes read(const fs::path& file) {
    Outcomes all;
    read_journal(file, all);
    return all;
}

std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
}

void expect_replicate(const Outcomes& all, const ReplicateRows& r) {
    const Observed expected = replicate(r.replicate);
    ASSERT_EQ(r.rows.size(), expected.rows.rows.size());
    EXPECT_EQ(r.cell, expected.rows.cell);
    EXPECT_EQ(r.failure, expected.rows.failure);
    for (std::size_t i = 0; i < r.rows.size(); ++i) {
        EXPECT_EQ(all.estimands[r.rows[i].estimand].key(), expected.estimands[i].key());
        EXPECT_EQ(r.rows[i].estimate, expected.rows.rows[i].estimate);
        EXPECT_EQ(r.rows[i].status, expected.rows.rows[i].status);
        EXPECT_EQ(r.rows[i].origin, expected.rows.rows[i].origin);
    }
}

TEST(Journal, GivesBackWhatWasPutIn) {
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "a.journal";
    write_some(file, 0, 4);
    write_some(file, 4, 6);  // a second process goes on
    const Outcomes all = read(file);
    ASSERT_EQ(all.replicates.size(), 6U);
    EXPECT_EQ(all.estimands.size(), 3U);
    for (const auto& r : all.replicates) expect_replicate(all, r);
}

TEST(Journal, CutAnywhereKeepsWholeEntriesAndGoesOn) {
    const TemporaryFolder folder;
    const fs::path whole = folder.path() / "whole.journal";
    write_some(whole, 0, 4);
    const std::string bytes = bytes_of(whole);
    std::size_t last = 0;
    for (std::size_t cut = 0; cut <= bytes.size(); cut += 5) {
        const fs::path file = folder.path() / "cut.journal";
        std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes.substr(0, cut);
        const std::size_t kept = read(file).replicates.size();
        EXPECT_GE(kept, last);
        last = kept;
        write_some(file, 4, 6);
        const Outcomes all = read(file);
        ASSERT_EQ(all.replicates.size(), kept + 2) << "cut at " << cut;
        for (const auto& r : all.replicates) expect_replicate(all, r);
    }
    EXPECT_GE(last, 3U);
}

TEST(Journal, DamagedEntryEndsIt) {
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "a.journal";
    write_some(file, 0, 4);
    std::string bytes = bytes_of(file);
    bytes[bytes.size() - 20] = static_cast<char>(bytes[bytes.size() - 20] ^ 1);
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    EXPECT_EQ(read(file).replicates.size(), 3U);
}

// After a loss of power a file may end in zeros: an entry of no length has the sum of nothing, 0.
TEST(Journal, ZerosAtTheEndAreDamageAndNoMore) {
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "a.journal";
    write_some(file, 0, 4);
    std::ofstream(file, std::ios::binary | std::ios::app) << std::string(4096, '\0');
    Outcomes all;
    EXPECT_NE(read_journal(file, all).find("4 replicates before it are kept"), std::string::npos);
    EXPECT_EQ(all.replicates.size(), 4U);
    write_some(file, 4, 6);
    Outcomes more;
    EXPECT_EQ(read_journal(file, more), "");
    EXPECT_EQ(more.replicates.size(), 6U);
}

TEST(Journal, WhatIsCutOffIsSaid) {
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "a.journal";
    write_some(file, 0, 4);
    fs::resize_file(file, fs::file_size(file) - 5);
    Outcomes all;
    EXPECT_NE(read_journal(file, all).find("bytes are cut off"), std::string::npos);
    EXPECT_EQ(all.replicates.size(), 3U);
    std::ofstream(file, std::ios::binary | std::ios::trunc) << std::string(4096, '\0');
    Outcomes none;
    EXPECT_NE(read_journal(file, none).find("is begun again"), std::string::npos);
    write_some(file, 0, 2);
    Outcomes more;
    EXPECT_EQ(read_journal(file, more), "");
    EXPECT_EQ(more.replicates.size(), 2U);
}

TEST(Journal, EntriesThatSayWhatCannotBe) {
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "a.journal";
    const auto with = [&](const std::string& body) {
        write_some(file, 0, 2);
        boost::crc_32_type sum;
        sum.process_bytes(body.data(), body.size());
        const auto length = static_cast<std::uint32_t>(body.size());
        const std::uint32_t check = sum.checksum();
        std::ofstream out(file, std::ios::binary | std::ios::app);
        out.write(reinterpret_cast<const char*>(&length), sizeof length);
        out.write(reinterpret_cast<const char*>(&check), sizeof check);
        out << body;
        out.close();
        Outcomes all;
        EXPECT_NE(read_journal(file, all), "");
        EXPECT_EQ(all.replicates.size(), 2U);
        fs::remove(file);
    };
    const std::string head("\2\0\0\0\0\7\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 25);
    const std::string one_row = std::string("\1\0\0\0", 4);
    with("\7");                                                                     // no kind of entry
    with(std::string("\1\xff\xff\xff\xff", 5));                                     // an estimand of no end
    with(head + "\xff\xff\xff\xff");                                                // 4294967295 rows
    with(head + one_row + std::string("\xff\0\0\0", 4) + std::string(42, '\0'));    // an estimand that is not there
    with(head + one_row + std::string("\0\0\0\0\x50", 5) + std::string(41, '\0'));  // a status that is none
}

TEST(Journal, AnotherFileIsRefused) {
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "a.journal";
    std::ofstream(file) << "something else altogether";
    Outcomes all;
    EXPECT_THROW(read_journal(file, all), InputError);
    EXPECT_THROW(Journal{file}, RunError);
}

TEST(Outcomes, SameContentSameOrder) {
    const auto add = [](Outcomes& all, const Observed& o) {
        ReplicateRows rows = o.rows;
        for (auto& row : rows.rows) row.estimand = all.index_of(o.estimands[row.estimand]);
        all.replicates.push_back(rows);
    };
    Outcomes a;
    Outcomes b;
    for (const std::uint64_t i : {0U, 1U, 2U, 3U}) add(a, replicate(i));
    for (const std::uint64_t i : {3U, 2U, 1U, 0U, 2U}) add(b, replicate(i));  // one of them twice
    a.sort();
    b.sort();
    ASSERT_EQ(a.estimands.size(), b.estimands.size());
    for (std::size_t i = 0; i < a.estimands.size(); ++i) EXPECT_EQ(a.estimands[i].key(), b.estimands[i].key());
    ASSERT_EQ(a.replicates.size(), b.replicates.size());
    for (std::size_t i = 0; i < a.replicates.size(); ++i) {
        EXPECT_EQ(a.replicates[i].place(), b.replicates[i].place());
        for (std::size_t k = 0; k < a.replicates[i].rows.size(); ++k)
            EXPECT_EQ(a.replicates[i].rows[k].estimand, b.replicates[i].rows[k].estimand);
    }
}

}  // namespace
}  // namespace vitrum::validation
