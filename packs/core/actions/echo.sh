#!/bin/sh
# core.echo: writes the parameter `message` to stdout as it is, with no newline added.
set -eu

. "${0%"${0##*/}"}../lib/parameters.sh"

message=
parameter() {
    case $1 in
        message) message=$2 ;;
    esac
}
read_parameters

printf '%s' "$message"
