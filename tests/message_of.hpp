// The message of the InputError that an expression throws; "no error" if it throws none.
#pragma once

#include <string>

#include "vitrum/core/error.hpp"

namespace vitrum {

template <class Action>
std::string message_of(Action&& action) {
    try {
        action();
    } catch (const InputError& e) {
        return e.what();
    }
    return "no error";
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace vitrum

#define EXPECT_MESSAGE(expression, part)                                               \
    do {                                                                               \
        const std::string message = ::vitrum::message_of([&] { (void)(expression); }); \
        EXPECT_TRUE(::vitrum::contains(message, part)) << "message: " << message;      \
        EXPECT_EQ(message.find('\n'), std::string::npos) << "more than one line";      \
    } while (false)
