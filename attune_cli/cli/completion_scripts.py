"""The scripts themselves. All three ask `attune_cli.cli.completing`, which says how, and draw its answer."""

from __future__ import annotations

from collections.abc import Mapping

_BASH = r"""# Completes attune in bash. Made by `attune completion bash`.

_attune() {
    # bash cuts words at characters such as = and : too; pieces that touch are one word.
    local at blank piece rest=${COMP_LINE:0:COMP_POINT}
    local -a words=()
    for ((at = 0; at <= COMP_CWORD; at++)); do
        blank=${rest%%[![:space:]]*}
        rest=${rest#"$blank"}
        piece=${COMP_WORDS[at]}
        [[ $at -lt $COMP_CWORD && $rest == "$piece"* ]] || piece=$rest
        rest=${rest#"$piece"}
        if [[ $at -eq 0 || -n $blank ]]; then
            words+=("$piece")
        else
            words[${#words[@]} - 1]+=$piece
        fi
    done
    COMPREPLY=()
    # Behind a redirection bash itself completes files.
    [[ $COMP_CWORD -gt 0 && ${COMP_WORDS[COMP_CWORD - 1]} == [\<\>]* ]] && return

    # What bash leaves in front of the text that it replaces.
    local typed=${words[${#words[@]} - 1]} kept kind line value
    kept=${typed%"$2"}
    kept=${kept//[\"\'\\]/}
    while IFS= read -r line; do
        if [[ -z $kind ]]; then
            kind=$line
            continue
        fi
        value=${line%%$'\t'*}
        value=${value#"$kept"}
        if [[ $value == *[!a-zA-Z0-9_./:=@%+,-]* ]]; then
            # Put in as it is, it would be more than one word, or a command; within quotes there is no telling how.
            [[ $typed == *[\"\']* ]] && continue
            printf -v value %q "$value"
        fi
        COMPREPLY+=("$value")
    done <<<"$(_ATTUNE_COMPLETE=bash "${1/#~\//$HOME/}" -- "${words[@]:1}" </dev/null 2>/dev/null)"

    case $kind in
    files)
        # Without a word of ours bash completes files by itself.
        if [[ ${#COMPREPLY[@]} -gt 0 ]]; then
            while IFS= read -r line; do
                COMPREPLY+=("$line")
            done < <(compgen -f -- "$2")
            compopt -o filenames 2>/dev/null
        fi
        ;;
    folders) compopt +o default -o dirnames 2>/dev/null ;;
    -) compopt +o default 2>/dev/null ;;
    esac
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/:@] ]]; then
        compopt -o nospace 2>/dev/null
    fi
    return 0
}

complete -o default -F _attune attune
"""

_ZSH = r"""#compdef attune
# Completes attune in zsh. Made by `attune completion zsh`.

_attune() {
    local command=${(Q)words[1]} kind line value text tab=$'\t'
    local -a answer whole begun
    answer=("${(@f)$(_ATTUNE_COMPLETE=zsh ${command/#\~\//$HOME/} -- \
        "${(@Q)words[2,CURRENT-1]}" "${(Q)IPREFIX}${(Q)PREFIX}" </dev/null 2>/dev/null)}")
    kind=$answer[1]
    shift answer
    for line in $answer; do
        value=${line%%$tab*}
        text=${line#*$tab}
        line=${${value//\\/\\\\}//:/\\:}${text:+:$text}
        if [[ $value == *[=/:@] ]]; then
            begun+=("$line")
        else
            whole+=("$line")
        fi
    done

    local ret=1
    (( $#whole )) && _describe -t values value whole && ret=0
    (( $#begun )) && _describe -t values value begun -S '' && ret=0
    case $kind in
    (folders) _files -/ && ret=0 ;;
    (files|'') _files && ret=0 ;;
    esac
    return ret
}

# Loaded from $fpath, this file is the function; read in any other way, it defines it.
if [[ $funcstack[1] == _attune ]]; then
    _attune "$@"
else
    compdef _attune attune
fi
"""

_FISH = r"""# Completes attune in fish. Made by `attune completion fish`.

function __attune_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l command (string replace -r '^~/' "$HOME/" -- $words[1])
    set -e words[1]
    set -l answer (env _ATTUNE_COMPLETE=fish $command -- $words "$typed" </dev/null 2>/dev/null)
    set -l kind "$answer[1]"
    set -e answer[1]
    switch "$kind"
        case folders
            __fish_complete_directories "$typed" ''
        case files ''
            __fish_complete_path "$typed"
    end
    # A word without a description has a tab behind it all the same.
    string trim -r -- $answer
end

complete -c attune -f -a '(__attune_complete)'
"""

#: The script of each shell, by its name.
SCRIPTS: Mapping[str, str] = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}
