import ArrayFiles
import Arrays
import Support

extension ModelFolder {
    /// Writes the folder to its place, or, where that cannot be written any more, to another: the result of hours must not
    /// be lost to a full disk.
    ///
    /// `elsewhere`: the directories that are tried then, in order.
    ///
    /// - Returns: its path, and the reason why it is not in its place; nil when it is.
    /// - Throws: the error of its place, when no other can be written either.
    package func writeOrRescue(
        to place: ModelDestination, reserved: RunFolder?, elsewhere: [String] = Self.otherPlaces
    ) throws -> (made: ModelDestination.Made, problem: DescentError?) {
        try ModelRescue.write(
            name: classifier.name, started: run?.started ?? RunRecord.now, to: place, reserved: reserved,
            elsewhere: elsewhere, write)
    }

    /// The directory for temporary files, the user's own, and the current one.
    package static var otherPlaces: [String] {
        [Environment.temporaryDirectory, Environment.home, Files.resolved(".")].compactMap { $0 }
    }
}

/// What is done where a model cannot be written to its place: models of classes and of numbers alike.
enum ModelRescue {
    /// Writes by `write` to `place`, or, where that fails, into one of the directories `elsewhere`, in order.
    static func write(
        name: String, started: Int, to place: ModelDestination, reserved: RunFolder?, elsewhere: [String],
        _ write: (ModelDestination, RunFolder?) throws -> ModelDestination.Made
    ) throws -> (made: ModelDestination.Made, problem: DescentError?) {
        do {
            return (try write(place, reserved), nil)
        } catch let problem as DescentError where [.cannotCreate, .inputOutput].contains(problem.kind) {
            let name = "descent-\(RunRecord.nameStamp(started))-\(name)"
            for directory in elsewhere where Files.isDirectory(directory) {
                let safe = String(name.map { $0 == "/" || $0 == ":" || $0 == "," ? "-" : $0 }.prefix(100))
                for number in 1...99 {
                    let path = "\(PathText.trimmed(directory))/\(safe)\(number == 1 ? "" : "-\(number)")"
                    if Files.exists(path) { continue }
                    if let made = try? write(.folder(path), nil) { return (made, problem) }
                    break
                }
            }
            throw problem
        }
    }
}
