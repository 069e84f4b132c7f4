import Foundation
import Testing

@Suite("The C tree", .enabled(if: Repository.isCheckout, "needs a git checkout"))
struct CTreeTests {
    @Test("A folder includes itself and the folders that it is said to use, which stand above it")
    func includes() throws {
        var above: Set<String> = []
        for (folder, used) in CTree.uses {
            #expect(used.isSubset(of: above), "\(folder) uses a folder below it")
            above.insert(folder)
        }
        #expect(above.count == 11)
        let allowed = Dictionary(uniqueKeysWithValues: CTree.uses.map { ($0.folder, $0.folders) })
        var folders: Set<String> = []
        for path in try CTree.files([".c", ".h"]) where path.hasPrefix("Sources/CKernels/") {
            let parts = path.split(separator: "/").map(String.init)
            #expect(parts.count == 4, "\(path) lies in no folder")
            let folder = parts[2]
            if folder == "include" { continue }
            folders.insert(folder)
            for match in try CTree.text(path).matches(
                of: /#include "(?:ck_([a-z]+)\.h|([a-z]+)\/[a-z0-9_]+\.h)"/)
            {
                let other = String(match.output.1 ?? match.output.2 ?? "")
                #expect(
                    other == folder || allowed[folder]?.contains(other) == true, "\(path) includes \(other)")
            }
        }
        #expect(folders == above)
    }

    /// A name that two files define means two things; the parameters of templates are the exception.
    @Test("A macro has its file's prefix and is defined in one file")
    func macros() throws {
        let parameters: Set = [
            "CK_REAL", "CK_NAME", "CK_EXP", "CK_LOG", "CK_SIGMOID", "CK_TANH", "CK_LOG1P_UNIT", "CK_ABS",
            "CK_NORMAL_TAIL", "CK_ROOT",
            // One for clang, one for GCC.
            "CK_LANE_BITS",
        ]
        var places: [String: String] = [:]
        for path in try CTree.files([".c", ".h"]) {
            for match in try CTree.text(path).matches(of: /(?m)^ *# *define (\w+)/) {
                let name = String(match.output.1)
                if name.hasPrefix("__builtin") || name == "_GNU_SOURCE" || parameters.contains(name) {
                    continue
                }
                let file = path.split(separator: "/").last.map(String.init) ?? path
                let word = file.split { "_.".contains($0) }.first.map { $0.uppercased() + "_" } ?? ""
                let prefixes =
                    path.hasSuffix(".c")
                    ? ["CK_", "CDNN_", "CI_", "CG_", word]
                    : ["CK_", "CDNN_", "CI_", "CG_", "CKERNELS_H", "DESCENT_"]
                let isOfItsFile = prefixes.contains(where: name.hasPrefix) || name + "_" == word
                #expect(isOfItsFile, "\(name) in \(path)")
                #expect(places[name] == nil || places[name] == path, "\(name) in \(path) too")
                places[name] = path
            }
        }
        #expect(places.count > 150)
    }

    @Test("Every entry says what it asks of its arguments, before all else")
    func assertions() throws {
        // What may be given nothing, and what assertions are made of.
        let free: Set = [
            "ck_words_free", "cdnn_convolution_free", "cdnn_forward_free", "cdnn_call_free", "ci_plan_free",
            "cdnn_graph_pass_free", "ci_convolution_free",
            "ck_assertion_failed",
            "ck_check_indices",
        ]
        let entries = try CTree.entries().subtracting(free.map(CTree.plain))
        #expect(entries.count > 150)
        var found: Set<String> = []
        let definition =
            /\b(?:CK_NAME\()?(c(?:k|dnn|i)_\w+?)_?(?:##\w+)?\)?\(([^;{}]*?)\)\s*\{\s*(?:static const[^;]*;\s*)?(\w+)/
        for path in try CTree.files([".c", "_template.h"]) {
            for match in try CTree.code(path).matches(of: definition) {
                let name = CTree.plain(String(match.output.1)), first = match.output.3
                if first.hasPrefix("CK_ASSERT") || first.contains("check_") { found.insert(name) }
            }
        }
        #expect(entries.subtracting(found) == [])
    }

    /// A file that calls one which calls it back is half of a file. The kernels' folders are held by their includes.
    @Test(
        "The files of COneDNN and of CInference call one another in one direction",
        arguments: ["COneDNN", "CInference"])
    func calls(target: String) throws {
        let definition = /(?m)^(?!static)[a-z][\w *]*?\b(c(?:dnn|i)_\w+)\([^;{}]*\)\s*\{/
        var code: [String: String] = [:], owner: [String: String] = [:]
        for path in try CTree.files([".c"]) where path.hasPrefix("Sources/\(target)/") {
            code[path] = try CTree.code(path)
            for match in try CTree.code(path).matches(of: definition) {
                owner[String(match.output.1)] = path
            }
        }
        #expect(owner.count > 15)
        var waiting = code.mapValues { text -> Set<String> in
            Set(text.matches(of: /\b(c(?:dnn|i)_\w+)\(/).compactMap { owner[String($0.output.1)] })
        }
        for path in waiting.keys { waiting[path]?.remove(path) }
        #expect(waiting.values.contains { !$0.isEmpty })
        // Files that call nothing that is left are taken away; what stays is in a circle, or calls one.
        while let done = waiting.first(where: { $0.value.isEmpty })?.key {
            waiting[done] = nil
            for path in waiting.keys { waiting[path]?.remove(done) }
        }
        #expect(waiting.isEmpty, "\(waiting)")
    }

    /// One compiler's run for some files at a time, on all processors: four seconds on two.
    @Test(
        "Every file compiles without a warning, with assertions and without, for x86-64 and 64-bit ARM",
        .enabled(if: hasCompiler, "needs a C compiler"))
    func warnings() throws {
        let arm = "/usr/aarch64-linux-gnu"
        var runs = ["", "-DCK_CHECKED"].map { "--target=x86_64-linux-gnu \($0)" }
        // Its headers are a package of their own (gcc-aarch64-linux-gnu brings them).
        if FileManager.default.fileExists(atPath: arm + "/include/stdint.h") {
            runs.append("--target=aarch64-linux-gnu --sysroot=\(arm) -isystem \(arm)/include -I$dnnl")
        }
        #if !arch(x86_64)
            runs.removeAll { $0.contains("x86_64") }
        #endif
        for flags in runs {
            let script = """
                set -euo pipefail
                cd Sources
                dnnl=$(mktemp -d)
                trap 'rm -rf -- "$dnnl"' EXIT
                ln -s /usr/include/dnnl* /usr/include/oneapi "$dnnl" 2>/dev/null || true
                export flags="\(flags)"
                find CKernels COneDNN CInference CGraph -name '*.c' | wc -l
                find CKernels COneDNN CInference CGraph -name '*.c' -print0 | xargs -0 -r -n 4 -P "$(nproc)" bash -c 'for file; do
                    clang $flags -std=gnu11 -Wall -Wextra -Wmissing-prototypes -Werror -fsyntax-only -I"${file%%/*}" \\
                        -ICKernels/include -ICHighway/include -ICOneDNN/include -ICInference/include -ICGraph/include "$file" || exit 1
                done' each
                """
            let outcome = try Repository.run("bash", "-c", script)
            #expect(outcome.status == 0, "\(flags): \(outcome.errors)")
            let files = try CTree.files([".c"]).count
            #expect(files > 80 && outcome.output.contains("\(files)"), "\(outcome.output)")
        }
    }

    /// Its headers are those of the system's image libraries, which are here for this machine's processor alone.
    @Test(.enabled(if: hasCompiler, "needs a C compiler"))
    func imageFilesCompileWithoutAWarning() throws {
        let script = """
            cd Sources/CImageFiles && ls *.c | wc -l
            clang -std=gnu11 -Wall -Wextra -Wmissing-prototypes -Werror -fsyntax-only -Iinclude *.c
            """
        let outcome = try Repository.run("bash", "-c", script)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines) == "6", "\(outcome.output)")
    }

    private static let hasCompiler = (try? Repository.run("clang", "--version"))?.status == 0
}
