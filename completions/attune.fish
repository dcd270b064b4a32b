# Completes attune in fish. Made by `attune completion fish`.

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
