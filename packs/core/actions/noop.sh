#!/bin/sh
# core.noop: logs `message`, if there is one, and ends with `exit_code` (0 to 255, 0 when not given).
set -eu

. "${0%"${0##*/}"}../lib/parameters.sh"

message=
exit_code=0
parameter() {
    case $1 in
        message) message=$2 ;;
        exit_code) exit_code=$2 ;;
    esac
}
read_parameters
require_number exit_code "$exit_code" 255

if [ -n "$message" ]; then
    printf '[NOOP] %s\n' "$message"
fi
echo 'No operation completed successfully'
exit "$exit_code"
