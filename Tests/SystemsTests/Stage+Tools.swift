import Foundation

/// The programs on the stage's PATH.
extension Stage {
    /// What `descent` asks of the system, and the tests beside it.
    private static let tools = [
        "bash", "cat", "chmod", "comm", "cp", "dirname", "env", "find", "flock", "grep", "id", "ln", "ls",
        "mkdir", "mktemp", "mv", "readlink", "rm", "sed", "setpriv", "sleep", "sort", "tail", "touch", "tput",
        "tr",
    ]

    func gatherTools() throws {
        for tool in Self.tools {
            guard
                let place = ["/usr/bin/", "/bin/"].first(where: {
                    FileManager.default.isExecutableFile(atPath: $0 + tool)
                })
            else { continue }
            try FileManager.default.createSymbolicLink(
                at: bin.appending(path: tool), withDestinationURL: URL(filePath: place + tool))
        }
        try play("swift", Self.swift)
        try play("clang", Self.clang)
        try play("pkg-config", "echo \"pkg-config $*\" >>\"$STATE/calls\"\n")
        try play("apt-get", Self.apt)
        try play("sudo", "[[ $1 == -v ]] || exec \"$@\"\n")
        try play("ldd", "[[ ! -e $STATE/ldd ]] || cat \"$STATE/ldd\"\n")
    }

    /// `build` makes the named product, a program that says how it was called; `test` does what `test-script` says.
    private static let swift = """
        echo "swift $*" >>"$STATE/calls"
        [[ ! -e /proc/$$/fd/9 ]] || echo "swift has the lock" >>"$STATE/calls"
        if [[ $1 == test ]]; then
            [[ ! -e $STATE/test-script ]] || . "$STATE/test-script"
            exit 0
        fi
        [[ ! -e $STATE/slow ]] || sleep 0.5
        if [[ -e $STATE/fails ]]; then
            echo "error: no such thing"
            exit 1
        fi
        mkdir -p "$3/.build/machine/release"
        ln -sfn machine/release "$3/.build/release"
        cat >"$3/.build/release/$7" <<'END'
        #!/usr/bin/env bash
        [[ ! -e /proc/$$/fd/9 ]] || echo "the program has the lock"
        echo "ran: $*"
        END
        chmod +x "$3/.build/release/$7"

        """

    /// Links what lies in `linkable`; `onednn` holds the version that its header names.
    private static let clang = """
        echo "clang $*" >>"$STATE/calls"
        program=$(cat)
        case " $* " in *" -E "*)
            cat "$STATE/onednn" 2>/dev/null || echo DNNL_VERSION_MAJOR DNNL_VERSION_MINOR DNNL_VERSION_PATCH
            exit 0 ;;
        esac
        [[ ! -e $STATE/links-nothing ]] || exit 1
        for word in "$@"; do
            [[ $word != -l* || -e $STATE/linkable/${word#-l} ]] || exit 1
        done
        if [[ $program == *dnnl_* && -e $STATE/onednn && $(cat "$STATE/onednn") == 1* ]]; then exit 1; fi

        """

    /// Installs what it is asked for, unless it must fail.
    private static let apt = """
        [[ ! -e /proc/$$/fd/9 ]] || echo "apt-get has the lock" >>"$STATE/calls"
        while [[ $1 == -o ]]; do shift 2; done
        echo "apt-get $*" >>"$STATE/calls"
        [[ $1 == install ]] || exit 0
        if [[ -e $STATE/apt-fails ]]; then
            echo "E: no such package"
            exit 100
        fi
        for name in "$@"; do
            case $name in
                libdnnl-dev) touch "$STATE/linkable/dnnl" ;;
                libopenblas-openmp-dev) touch "$STATE/linkable/openblas" ;;
                zlib1g-dev) touch "$STATE/linkable/z" ;;
                libpng-dev) touch "$STATE/linkable/png" ;;
                libjpeg62-turbo-dev) touch "$STATE/linkable/jpeg" ;;
                libwebp-dev) touch "$STATE/linkable/webp" ;;
                libmd-dev) touch "$STATE/linkable/md" ;;
                libhwy-dev) touch "$STATE/linkable/hwy_contrib" ;;
            esac
        done

        """
}
