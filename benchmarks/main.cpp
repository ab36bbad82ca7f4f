// The main() of every benchmark: exit status 1 where one of them could not measure what it compares with.
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

namespace {

// Below this a ratio is no measurement: its other side was not there.
constexpr double least_ratio = 1e-4;

class Checked final : public benchmark::BenchmarkReporter {
public:
    bool ReportContext(const Context& context) override { return shown_->ReportContext(context); }
    void ReportRuns(const std::vector<Run>& runs) override {
        shown_->ReportRuns(runs);
        for (const Run& run : runs) {
            if (run.error_occurred) failed_.push_back(run.benchmark_name() + ": " + run.error_message);
            for (const auto& [name, counter] : run.counters)
                if ((name.find("ratio") != std::string::npos || name.find("_over_") != std::string::npos) &&
                    !(std::isfinite(counter.value) && counter.value > least_ratio))
                    failed_.push_back(run.benchmark_name() + ": " + name + " is no ratio: a side was not measured");
        }
    }
    void Finalize() override { shown_->Finalize(); }
    [[nodiscard]] const std::vector<std::string>& failed() const { return failed_; }

private:
    std::unique_ptr<benchmark::BenchmarkReporter> shown_{benchmark::CreateDefaultDisplayReporter()};
    std::vector<std::string> failed_;
};

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    Checked reporter;
    const std::size_t run = benchmark::RunSpecifiedBenchmarks(&reporter);
    benchmark::Shutdown();
    for (const std::string& text : reporter.failed()) std::fprintf(stderr, "error: %s\n", text.c_str());
    if (run == 0) std::fputs("error: no benchmark of that name\n", stderr);
    return run == 0 || !reporter.failed().empty() ? 1 : 0;
}
