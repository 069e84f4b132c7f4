import Arrays
import Glibc
import Support

extension DatasetSource {
    /// Returns the paths of the four files in `directory`, or of those among them that are `wanted`, by number.
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
        // The first directory that has all of them; else the first that has some, whose others are then missing.
        let places = places(in: directory).map { (place: $0, found: self.found(in: $0, wanted)) }
        if let whole = places.first(where: { $0.found.allSatisfy { $0 != nil } }) {
            return whole.found.compactMap { $0 }
        }
        let nearest = places.first { $0.found.contains { $0 != nil } }
        let (place, found) = nearest ?? (directory, wanted.map { _ in nil })
        let missing = wanted.indices.filter { found[$0] == nil }.map { files[wanted[$0]].name }
        throw DescentError(
            .missingInput,
            "\(missing.joined(separator: ", ")) \(missing.count > 1 ? "are" : "is") missing",
            at: place, advice: "\(title) is four files, gzipped or not")
    }

    /// Returns the directory itself, and those in it where torchvision puts the files (`MNIST/raw`) and where a folder of
    /// data sets would have them.
    private func places(in directory: String) -> [String] {
        let base = directory.hasSuffix("/") ? directory : directory + "/"
        let folders = [torchFolder, name]
        return [directory]
            + ["raw", "raw/gzip", "gzip"].map { base + $0 }
            + folders.flatMap { folder in ["/raw", "/raw/gzip", "", "/gzip"].map { base + folder + $0 } }
    }

    /// The name of torchvision's folder for this data set, which is the name of its class.
    private var torchFolder: String {
        switch name {
        case "mnist": "MNIST"
        case "fashion-mnist": "FashionMNIST"
        case "kmnist": "KMNIST"
        case "emnist-digits": "EMNIST"
        default: name
        }
    }

    /// Returns the paths of the wanted files in one directory, nil for those that are not there.
    private func found(in directory: String, _ wanted: [Int]) -> [String?] {
        let base = directory.hasSuffix("/") ? directory : directory + "/"
        return wanted.map { index in
            names(of: index).map { base + $0 }.first { access($0, F_OK) == 0 }
        }
    }

    /// Returns the names that one of the files may have, the preferred one first: unpacked is read faster.
    private func names(of index: Int) -> [String] {
        [files[index].name, Self.usualNames[index]].flatMap { name in
            let stem = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
            let dotted = stem.replacing("-idx", with: ".idx")
            return [stem, dotted].flatMap { [$0, $0 + ".gz"] }
        }
    }
}
