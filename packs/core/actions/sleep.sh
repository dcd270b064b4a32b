#!/bin/sh
# core.sleep: writes `message`, if there is one, and waits for `seconds` (0 to 3600, 1 when not given).
set -eu

. "${0%"${0##*/}"}../lib/parameters.sh"

seconds=1
message=
parameter() {
    case $1 in
        seconds) seconds=$2 ;;
        message) message=$2 ;;
    esac
}
read_parameters
require_number seconds "$seconds" 3600

if [ -n "$message" ]; then
    printf '%s\n' "$message"
fi
sleep "$seconds"
printf 'Slept for %s seconds\n' "$seconds"
