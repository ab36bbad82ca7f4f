#include "vitrum/report/page/page.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "vitrum/report/page/html.hpp"

namespace vitrum::report {

namespace {

// As many gnuplot processes at a time as there are processors, however many figures wait.
class Places {
public:
    void take() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return free_ > 0; });
        --free_;
    }
    void give_back() {
        const std::lock_guard lock(mutex_);
        ++free_;
        changed_.notify_one();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    unsigned free_ = std::max(1U, std::thread::hardware_concurrency());
};

class Place {
public:
    Place() { places().take(); }
    ~Place() { places().give_back(); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

private:
    static Places& places() {
        static Places all;
        return all;
    }
};

// gnuplot's file as an element of the page: no prolog, no name spaces (HTML knows them), and identifiers of its own,
// since every figure defines the same ones.
std::string inline_svg(std::string svg, std::size_t figure, const std::string& description) {
    const std::size_t begin = svg.find("<svg");
    const std::size_t end = svg.find('>', begin);
    const std::size_t box = svg.find("viewBox=\"", begin);
    if (begin == std::string::npos || end == std::string::npos || box == std::string::npos) return svg;
    const std::string view_box = svg.substr(box, svg.find('"', box + 9) - box + 1);
    std::string body = svg.substr(end + 1);
    if (const std::size_t from = body.find("<title>"), to = body.find("</desc>");
        from != std::string::npos && to != std::string::npos)
        body.erase(from, to + 7 - from);
    const std::string prefix = fmt::format("f{}-", figure);
    replace_all(body, " id='", " id='" + prefix);
    replace_all(body, " id=\"", " id=\"" + prefix);
    replace_all(body, "href='#", "href='#" + prefix);
    replace_all(body, "url(#", "url(#" + prefix);
    return fmt::format("<svg {} role=\"img\" aria-label=\"{}\">{}", view_box, escape(description), body);
}

}  // namespace

Page& Page::operator<<(std::string_view html) {
    if (pieces_.empty() || pieces_.back().index() != 0) pieces_.emplace_back(std::string());
    std::get<0>(pieces_.back()) += html;
    return *this;
}

void Page::figure(Plot plot, const std::string& description) {
    const std::size_t number = ++figures_;
    if (number > most_figures) {
        *this << fmt::format(
            "<p class=\"quiet\">Not drawn, since a page has {} figures at most: {}. Its numbers are in the result "
            "file.</p>",
            most_figures, escape(description));
        return;
    }
    pieces_.emplace_back(std::async(std::launch::async, [plot = std::move(plot), description, number] {
        const Place place;
        std::string picture = draw(plot);
        if (plot.picture == Picture::svg) return inline_svg(std::move(picture), number, description);
        return fmt::format("<img src=\"data:image/png;base64,{}\" width=\"{}\" height=\"{}\" alt=\"{}\">",
                           base64(picture), plot.width / 2, plot.height / 2, escape(description));
    }));
}

std::string Page::str() {
    std::string html;
    for (auto& piece : pieces_) {
        if (auto* text = std::get_if<std::string>(&piece)) {
            html += *text;
        } else {
            std::string figure = std::get<1>(piece).get();
            html += figure;
            piece = std::move(figure);
        }
    }
    return html;
}

}  // namespace vitrum::report
