# Completes attune in bash. Made by `attune completion bash`.

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
