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
        do {
            return (try write(to: place, reserved: reserved), nil)
        } catch let problem as DescentError where [.cannotCreate, .inputOutput].contains(problem.kind) {
            let name = "descent-\(RunRecord.nameStamp(run?.started ?? RunRecord.now))-\(classifier.name)"
            for directory in elsewhere where Files.isDirectory(directory) {
                let safe = String(name.map { $0 == "/" || $0 == ":" || $0 == "," ? "-" : $0 }.prefix(100))
                for number in 1...99 {
                    let path = "\(PathText.trimmed(directory))/\(safe)\(number == 1 ? "" : "-\(number)")"
                    if Files.exists(path) { continue }
                    if let made = try? write(to: .folder(path), reserved: nil) { return (made, problem) }
                    break
                }
            }
            throw problem
        }
    }

    /// The directory for temporary files, the user's own, and the current one.
    package static var otherPlaces: [String] {
        [Environment.temporaryDirectory, Environment.home, Files.resolved(".")].compactMap { $0 }
    }
}
