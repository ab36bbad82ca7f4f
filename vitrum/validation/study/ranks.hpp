// The processes of one `mpirun`. Without a launcher there is one, and MPI is never started.
#pragma once

#include <cstddef>

namespace vitrum::validation {

class Ranks {
public:
    // Starts MPI if a launcher is there. Throws InputError if this program was built without MPI.
    Ranks();
    ~Ranks();
    Ranks(const Ranks&) = delete;
    Ranks& operator=(const Ranks&) = delete;

    [[nodiscard]] std::size_t rank() const { return rank_; }
    [[nodiscard]] std::size_t size() const { return size_; }
    // Ranks on this machine: they share its cores.
    [[nodiscard]] std::size_t here() const { return here_; }
    [[nodiscard]] bool first() const { return rank_ == 0; }
    // All wait for all.
    void barrier() const;
    // True if it is true of any: a barrier, too.
    [[nodiscard]] bool any(bool mine) const;
    // Ends all ranks at once with this status: one that failed cannot let the others wait for ever.
    void abort(int status) const;

private:
    std::size_t rank_ = 0;
    std::size_t size_ = 1;
    std::size_t here_ = 1;
    bool started_ = false;
};

}  // namespace vitrum::validation
