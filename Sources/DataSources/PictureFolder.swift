import ExampleData
import ImageFolders
import Images
import Support

/// Folders of pictures, by their layout.
enum PictureFolder {
    /// Decodes the pictures and divides them: as the folder does, or else by chance, class by class.
    static func read(
        _ path: String, _ request: DataRequest,
        progress: @escaping @Sendable (ImageProgress) -> Void = { _ in },
        cancellation: Cancellation? = nil
    ) throws -> LoadedData {
        guard request.testFile == nil else {
            throw DescentError(
                .usage, "a folder of pictures has its test part in it", at: "testFile",
                advice: "put the pictures into \(path)/test/CLASS/, or leave it out")
        }
        var options = request.images
        if case .images(let input)? = request.input, input.digits != nil {
            // The step for digits takes pictures of any size.
            options.isGrayscale = true
        } else if case .images(let input)? = request.input {
            options.imageSize = (width: input.width, height: input.height)
            options.isGrayscale = !input.isColor
            options.fit = input.target.fit
        }
        let folder = try ImageFolder(path, cancellation: cancellation)
        let decoded = try folder.decoded(options, progress: progress, cancellation: cancellation)
        let hasTest = folder.files.contains { $0.subset == .test }
        let data: ImageFolderData
        if let stored = request.imageSplit {
            data = try decoded.split(stored, cancellation: cancellation)
        } else {
            let grouping = try request.groupColumn.map { try folder.grouping(parsing: $0) }
            let share = hasTest || request.testShare == 0 ? nil : request.testShare
            data = try decoded.split(
                ImageSplitOptions(test: share, seed: request.seed, groupBy: grouping),
                cancellation: cancellation)
        }
        var notes = data.report.notes.map { $0.line() }
        if request.input == nil {
            notes.append("pictures of \(decoded.target.width)x\(decoded.target.height): \(decoded.reason)")
        }
        var origin = DataOrigin(file: Files.resolved(path) ?? path)
        let test = try data.test.labeledExamples()
        if !hasTest, test.count > 0, request.imageSplit == nil {
            (origin.testShare, origin.seed) = (request.testShare, request.seed)
            notes.append(
                DataNotes.heldOut(path, test.count, of: folder.files.count, request))
        }
        var loaded = LoadedData(
            Dataset(
                name: PathText.name(of: path), train: try data.train.labeledExamples(), test: test,
                checksum: data.split.checksum),
            notes: notes, origin: origin, input: .images(ImageInput(decoded.target)), imageSplit: data.split)
        loaded.faults = data.report.notes.filter(\.isFault).map { $0.line() }
        return loaded
    }
}
