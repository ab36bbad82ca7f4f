// TOML tables laid over each other: what a method or a study changes of a scenario.
#pragma once

#include <string>
#include <vector>

#include <toml.hpp>

namespace vitrum::pipeline {

// nullptr if `parent` is null, no table, or has no such key.
[[nodiscard]] const toml::value* table_at(const toml::value* parent, const std::string& key);

// The keys of `over`, if it is there, in place of those of the table `base`. Throws InputError if it is no table:
// `where` as in "study.toml: estimate.kww".
void overlay(toml::value& base, const toml::value* over, const std::string& where);

// Names in the order of `first`, then those that `second` alone has. Null: none.
[[nodiscard]] std::vector<std::string> names_of_both(const toml::value* first, const toml::value* second);

}  // namespace vitrum::pipeline
