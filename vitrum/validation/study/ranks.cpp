#include "vitrum/validation/study/ranks.hpp"

#include <cstdlib>

#include "vitrum/core/error.hpp"

#if VITRUM_WITH_MPI
#include <mpi.h>
#endif

namespace vitrum::validation {

namespace {

bool under_launcher() {
    for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"})
        if (std::getenv(name)) return true;
    return false;
}

}  // namespace

#if VITRUM_WITH_MPI

Ranks::Ranks() {
    if (!under_launcher()) return;
    MPI_Init(nullptr, nullptr);
    started_ = true;
    int value = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &value);
    rank_ = static_cast<std::size_t>(value);
    MPI_Comm_size(MPI_COMM_WORLD, &value);
    size_ = static_cast<std::size_t>(value);
    MPI_Comm machine = MPI_COMM_NULL;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
    MPI_Comm_size(machine, &value);
    MPI_Comm_free(&machine);
    here_ = static_cast<std::size_t>(value);
}

Ranks::~Ranks() {
    if (started_) MPI_Finalize();
}

void Ranks::barrier() const {
    if (size_ > 1) MPI_Barrier(MPI_COMM_WORLD);
}

bool Ranks::any(bool mine) const {
    if (size_ == 1) return mine;
    const int own = mine ? 1 : 0;
    int all = 0;
    MPI_Allreduce(&own, &all, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    return all != 0;
}

void Ranks::abort(int status) const {
    if (started_ && size_ > 1) MPI_Abort(MPI_COMM_WORLD, status);
}

#else

Ranks::Ranks() {
    if (const char* size = std::getenv("OMPI_COMM_WORLD_SIZE"); under_launcher() && size && std::atoi(size) > 1)
        throw InputError("this vitrum was built without MPI; run chunks (--chunk 1/4) and merge them");
}
Ranks::~Ranks() = default;
void Ranks::barrier() const {}
bool Ranks::any(bool mine) const { return mine; }
void Ranks::abort(int) const {}

#endif

}  // namespace vitrum::validation
