# shellcheck shell=sh
# Reads an action's parameters from stdin; the shell actions of this pack source it.
#
# The platform writes one NAME='value' a line; a quote in a value is written '\'' and a value may hold newlines.
# The text is only ever split, never evaluated: $(...), backticks and the like in a value stay text. POSIX sh.

newline='
'

# Calls `parameter NAME VALUE`, which the sourcing script defines, for each parameter on stdin.
read_parameters() {
    document=$(cat)
    # Cut at every quote: pieces are by turns outside the quotes (where the next name stands) and inside (a value).
    set -f
    IFS=\'
    # shellcheck disable=SC2086  # the split is wanted
    set -- $document
    unset IFS
    set +f
    while [ $# -gt 0 ]; do
        read_plain_lines "$1" "$#"
        shift
        [ $# -gt 0 ] || break
        value=$1
        shift
        # A lone backslash outside the quotes is the middle of '\'': the value goes on behind it.
        while [ "${1-}" = '\' ] && [ $# -ge 2 ]; do
            value=$value\'${3-}
            shift 2
            [ $# -eq 0 ] || shift
        done
        parameter "$name" "$value"
    done
}

# Takes the text between two quoted values: whole lines of NAME=value without quotes and, unless only one piece is
# left ($2), the NAME= of the quoted value that follows, which it leaves in `name`.
read_plain_lines() {
    lines=$1$newline
    while [ -n "$lines" ]; do
        line=${lines%%"$newline"*}
        lines=${lines#*"$newline"}
        name=${line%%=*}
        if [ -z "$lines" ] && [ "$2" -gt 1 ]; then
            return
        fi
        if [ "$name" != "$line" ]; then
            parameter "$name" "${line#*=}"
        fi
    done
}

# Ends the action with status 2 unless the parameter named $1 has as its value $2 a whole number from 0 to $3.
require_number() {
    case $2 in
        '' | *[!0-9]* | ?????*) ;;
        *) [ "$2" -gt "$3" ] || return 0 ;;
    esac
    printf 'ERROR: %s must be a whole number from 0 to %s, not "%s"\n' "$1" "$3" "$2" >&2
    exit 2
}
