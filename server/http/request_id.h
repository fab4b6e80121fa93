// Ids of requests. They begin with the seat of the process that gave them (eight hexadecimal digits
// made of its host and listen address), so that a process that starts again finds the questions
// that its predecessor left unfinished, and leaves alone those of its peers.
#pragma once

#include <string>
#include <string_view>

namespace ormc::server {

void SetSeat(std::string_view seat);  // once, before the first id
std::string SeatPrefix();             // "1f0c77aa-"
std::string NewRequestId();           // a UUID of version 8

}  // namespace ormc::server
