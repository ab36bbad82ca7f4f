#include "vitrum/validation/study/journal.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

#include <boost/crc.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/text/input_file.hpp"
#include "vitrum/validation/study/outcome_tables.hpp"

namespace vitrum::validation {

namespace {

constexpr std::string_view magic = "VITRUMJ2";
constexpr std::uint8_t estimand_entry = 1;
constexpr std::uint8_t replicate_entry = 2;
constexpr std::size_t head_size = 8;  // length and CRC

std::uint32_t crc(std::string_view body) {
    boost::crc_32_type sum;
    sum.process_bytes(body.data(), body.size());
    return sum.checksum();
}

class Writer {
public:
    template <class T>
    void number(T value) {
        body_.append(reinterpret_cast<const char*>(&value), sizeof(T));
    }
    void text(const std::string& value) {
        number(static_cast<std::uint32_t>(value.size()));
        body_ += value;
    }
    [[nodiscard]] std::string entry() const {
        std::string all;
        const auto length = static_cast<std::uint32_t>(body_.size());
        const std::uint32_t sum = crc(body_);
        all.append(reinterpret_cast<const char*>(&length), sizeof length);
        all.append(reinterpret_cast<const char*>(&sum), sizeof sum);
        return all + body_;
    }

private:
    std::string body_;
};

// An entry that does not hold what it says, though its sum is right.
struct Damaged : std::exception {};

class Reader {
public:
    explicit Reader(std::string_view body) : body_(body) {}
    template <class T>
    T number() {
        T value;
        if (body_.size() < sizeof(T)) throw Damaged();
        std::memcpy(&value, body_.data(), sizeof(T));
        body_.remove_prefix(sizeof(T));
        return value;
    }
    std::string text() {
        const auto size = number<std::uint32_t>();
        if (body_.size() < size) throw Damaged();
        std::string value(body_.substr(0, size));
        body_.remove_prefix(size);
        return value;
    }

    // A number of items of at least `size` bytes each, which must be there.
    std::uint32_t count(std::size_t size) {
        const auto items = number<std::uint32_t>();
        if (items > body_.size() / size) throw Damaged();
        return items;
    }
    // A number below `end`.
    std::uint8_t below(std::size_t end) {
        const auto value = number<std::uint8_t>();
        if (value >= end) throw Damaged();
        return value;
    }

private:
    std::string_view body_;
};

std::string entry_of(const Estimand& e, std::uint32_t number) {
    Writer w;
    w.number(estimand_entry);
    w.number(number);
    for (const auto& text : {e.method, e.series, e.quantity, e.unit}) w.text(text);
    w.number(e.level);
    w.number(static_cast<std::uint32_t>(e.abscissa.size()));
    for (const auto& c : e.abscissa) {
        w.text(c.name);
        w.number(c.index);
        w.number(c.value);
        w.text(c.unit);
        w.text(c.text);
    }
    return w.entry();
}

std::pair<std::uint32_t, Estimand> estimand_from(Reader& r) {
    const auto number = r.number<std::uint32_t>();
    Estimand e;
    for (auto* text : {&e.method, &e.series, &e.quantity, &e.unit}) *text = r.text();
    e.level = r.number<double>();
    constexpr std::size_t coordinate_size = 28;  // with empty texts
    const auto size = r.count(coordinate_size);
    for (std::uint32_t k = 0; k < size; ++k) {
        Coordinate c;
        c.name = r.text();
        c.index = r.number<std::int64_t>();
        c.value = r.number<double>();
        c.unit = r.text();
        c.text = r.text();
        e.abscissa.push_back(std::move(c));
    }
    return {number, std::move(e)};
}

std::string entry_of(const ReplicateRows& rows) {
    Writer w;
    w.number(replicate_entry);
    w.number(rows.cell);
    w.number(rows.replicate);
    w.number(rows.seconds);
    w.text(rows.failure);
    w.number(static_cast<std::uint32_t>(rows.rows.size()));
    for (const Row& row : rows.rows) {
        w.number(row.estimand);
        w.number(static_cast<std::uint8_t>(row.status));
        w.number(static_cast<std::uint8_t>(row.origin));
        for (const double v : {row.truth, row.estimate, row.standard_error, row.lower, row.upper}) w.number(v);
    }
    return w.entry();
}

ReplicateRows replicate_from(Reader& r) {
    ReplicateRows rows;
    rows.cell = r.number<std::uint32_t>();
    rows.replicate = r.number<std::uint64_t>();
    rows.seconds = r.number<double>();
    rows.failure = r.text();
    constexpr std::size_t row_size = 46;
    rows.rows.resize(r.count(row_size));
    for (Row& row : rows.rows) {
        row.estimand = r.number<std::uint32_t>();
        row.status = static_cast<Status>(r.below(status_count));
        row.origin = static_cast<Origin>(r.below(origin_count));
        for (double* v : {&row.truth, &row.estimate, &row.standard_error, &row.lower, &row.upper})
            *v = r.number<double>();
    }
    return rows;
}

std::string whole(const std::filesystem::path& file) {
    io::expect_input_file(file);
    std::ifstream in(file, std::ios::binary);
    std::ostringstream all;
    all << in.rdbuf();
    return std::move(all).str();
}

// Of a file that was made just before the power went.
bool only_zeros(const std::string& bytes) { return bytes.find_first_not_of('\0') == std::string::npos; }

struct Kept {
    std::size_t bytes = 0;  // of the file up to the first entry that is torn or damaged
    bool torn = false;      // what follows is the beginning of an entry, and no more
};

// Calls use(body) for every whole entry. A body of no length is none: its sum is that of zeros.
template <class Use>
Kept for_each_entry(const std::string& bytes, Use&& use) {
    std::size_t at = magic.size();
    while (at + head_size <= bytes.size()) {
        std::uint32_t length = 0;
        std::uint32_t sum = 0;
        std::memcpy(&length, bytes.data() + at, sizeof length);
        std::memcpy(&sum, bytes.data() + at + sizeof length, sizeof sum);
        if (bytes.size() - at - head_size < length) return {at, true};
        const std::string_view body(bytes.data() + at + head_size, length);
        if (body.empty() || crc(body) != sum) return {at, false};
        try {
            use(body);
        } catch (const Damaged&) {
            return {at, false};
        }
        at += head_size + length;
    }
    return {at, true};
}

// Estimands and replicates of the whole entries.
Kept take_entries(const std::string& bytes, Outcomes& estimands, std::vector<ReplicateRows>& replicates) {
    std::vector<std::uint32_t> number;  // in this file -> in `estimands`
    return for_each_entry(bytes, [&](std::string_view body) {
        Reader r(body);
        const auto kind = r.number<std::uint8_t>();
        if (kind == estimand_entry) {
            const auto [own, estimand] = estimand_from(r);
            if (own > number.size()) throw Damaged();
            if (own == number.size()) number.push_back(0);
            number[own] = estimands.index_of(estimand);
            return;
        }
        if (kind != replicate_entry) throw Damaged();
        ReplicateRows rows = replicate_from(r);
        for (auto& row : rows.rows) {
            if (row.estimand >= number.size()) throw Damaged();
            row.estimand = number[row.estimand];
        }
        replicates.push_back(std::move(rows));
    });
}

}  // namespace

Journal::Journal(const std::filesystem::path& file) : file_(file) {
    std::size_t keep = 0;
    if (std::filesystem::exists(file)) {
        const std::string bytes = whole(file);
        if (bytes.size() >= magic.size() && !only_zeros(bytes)) {
            if (bytes.substr(0, magic.size()) != magic)
                throw RunError(fmt::format("'{}' is no journal of a study", file.string()));
            Outcomes ignored;
            keep = take_entries(bytes, known_, ignored.replicates).bytes;
        }
    }
    defined_ = known_.estimands.size();
    descriptor_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (descriptor_ < 0 || ::ftruncate(descriptor_, static_cast<off_t>(keep)) != 0)
        throw RunError(fmt::format("cannot write '{}': {}", file.string(), std::strerror(errno)));
    if (keep == 0) write(std::string(magic));
}

Journal::~Journal() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void Journal::write(const std::string& bytes) {
    const off_t before = ::lseek(descriptor_, 0, SEEK_END);
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto n = ::write(descriptor_, bytes.data() + done, bytes.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            const std::string why = std::strerror(errno);
            // Half an entry in the middle would hide all that comes after it.
            if (::ftruncate(descriptor_, before) != 0) descriptor_ = -1;
            throw RunError(fmt::format("cannot write '{}': {}", file_.string(), why));
        }
        done += static_cast<std::size_t>(n);
    }
}

void Journal::add(const Observed& replicate) {
    const std::lock_guard lock(mutex_);
    ReplicateRows rows = replicate.rows;
    std::string bytes;
    std::vector<std::uint32_t> number;
    for (const auto& e : replicate.estimands) {
        number.push_back(known_.index_of(e));
        if (known_.estimands.size() > defined_) bytes += entry_of(e, static_cast<std::uint32_t>(defined_++));
    }
    for (auto& row : rows.rows) row.estimand = number[row.estimand];
    bytes += entry_of(rows);
    write(bytes);
}

std::string read_journal(const std::filesystem::path& file, Outcomes& outcomes) {
    const std::string bytes = whole(file);
    if (bytes.size() < magic.size() || only_zeros(bytes))  // died while it was made
        return bytes.empty() ? "" : fmt::format("'{}' ends within its first line: it is begun again", file.string());
    if (bytes.substr(0, magic.size()) != magic)
        throw InputError(fmt::format("'{}' is no journal of a study", file.string()));
    const std::size_t before = outcomes.replicates.size();
    const Kept kept = take_entries(bytes, outcomes, outcomes.replicates);
    if (kept.bytes == bytes.size()) return "";
    if (kept.torn)
        return fmt::format("'{}' ends within an entry: {} bytes are cut off, what they were to hold is made again",
                           file.string(), bytes.size() - kept.bytes);
    return fmt::format("'{}' is damaged from byte {} on: {} replicates before it are kept, the others are made again",
                       file.string(), kept.bytes, outcomes.replicates.size() - before);
}

}  // namespace vitrum::validation
