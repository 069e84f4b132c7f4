import Arrays
import Glibc

extension DatasetSource {
    /// The paths of the four files in `directory`, or of those among them that are `wanted`, by number.
    func find(in directory: String, wanted: [Int] = [0, 1, 2, 3]) throws -> [String] {
        var status = stat()
        guard stat(directory, &status) == 0 else {
            throw DescentError(
                .missingInput, "there is no such directory", at: directory,
                advice: "give the directory with \(files[0].name) and the other three files")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw DescentError(
                .missingInput, "is not a directory", at: directory,
                advice: "give the directory with \(files[0].name) and the other three files")
        }
        let base = directory.hasSuffix("/") ? directory : directory + "/"
        let found = wanted.map { index in
            names(of: index).first { access(base + $0, F_OK) == 0 }
        }
        let missing = wanted.indices.filter { found[$0] == nil }.map { files[wanted[$0]].name }
        guard missing.isEmpty else {
            throw DescentError(
                .missingInput,
                "\(missing.joined(separator: ", ")) \(missing.count > 1 ? "are" : "is") missing",
                at: directory, advice: "\(title) is four files, gzipped or not")
        }
        return found.compactMap { $0.map { base + $0 } }
    }

    /// The names that one of the files may have, the preferred one first: unpacked is read faster.
    private func names(of index: Int) -> [String] {
        [files[index].name, Self.usualNames[index]].flatMap { name in
            let stem = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
            let dotted = stem.replacing("-idx", with: ".idx")
            return [stem, dotted].flatMap { [$0, $0 + ".gz"] }
        }
    }
}
