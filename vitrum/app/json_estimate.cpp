#include "vitrum/app/json_estimate.hpp"

namespace vitrum::app {

Json as_json(const Abscissa& abscissa) {
    Json place = Json::object();
    for (const auto& c : abscissa) {
        place[c.name] = {{"value", number(c.value)}, {"unit", c.unit}, {"index", c.index}};
        if (!c.text.empty()) place[c.name]["text"] = c.text;
    }
    return place;
}

Json as_json(const Estimate& e) {
    return {{"quantity", e.quantity},
            {"unit", e.unit},
            {"abscissa", as_json(e.abscissa)},
            {"value", number(e.value)},
            {"standard_error", number(e.standard_error)},
            {"interval", {number(e.lower), number(e.upper)}},
            {"interval_level", e.level},
            {"status", name(e.status)},
            {"note", e.note}};
}

}  // namespace vitrum::app
