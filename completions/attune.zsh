#compdef attune
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
