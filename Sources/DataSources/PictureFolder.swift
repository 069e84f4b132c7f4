import ExampleData
import ImageFolders
import Images
import Support

/// Folders of pictures, by their layout.
enum PictureFolder {
    /// Decodes the pictures and divides them: as the folder does, or else by chance, class by class.
    static func read(
        _ path: String, _ request: DataRequest
    ) throws -> LoadedData {
        let cancellation = request.cancellation
        guard request.testFile == nil else {
            throw DescentError(
                .usage, "a folder of pictures has its test part in it", at: "testFile",
                advice: "put the pictures into \(path)/test/CLASS/, or leave it out")
        }
        var options = request.images
        var digits = request.digits
        if case .images(let input)? = request.input, input.digits != nil {
            digits = input.digits
        } else if case .images(let input)? = request.input {
            options.imageSize = (width: input.width, height: input.height)
            options.isGrayscale = !input.isColor
            options.fit = input.target.fit
        }
        let folder = try ImageFolder(path, cancellation: cancellation)
        let decoded = try folder.decoded(
            options, progress: { [reading = request.reading] in reading?(.decoding($0)) },
            cancellation: cancellation)
        let hasTest = folder.files.contains { $0.subset == .test }
        let hasValidation = folder.files.contains { $0.subset == .validation }
        let data: ImageFolderData
        if let stored = request.imageSplit {
            data = try decoded.split(
                stored, residentLimit: request.residentLimit, cancellation: cancellation)
        } else {
            let grouping = try request.groupColumn.map { try folder.grouping(parsing: $0) }
            let share = hasTest || request.testShare == 0 ? nil : request.testShare
            let held = try hasValidation ? nil : validationShare(request, of: decoded.folder, test: share)
            data = try decoded.split(
                ImageSplitOptions(validation: held, test: share, seed: request.seed, groupBy: grouping),
                residentLimit: request.residentLimit, cancellation: cancellation)
        }
        var notes = data.report.notes.map { $0.line() }
        if request.input == nil {
            notes.append("pictures of \(decoded.target.width)x\(decoded.target.height): \(decoded.reason)")
        }
        var origin = DataOrigin(path, request)
        let form = digits.map { ImageInput(digits: $0) } ?? ImageInput(decoded.target)
        let train = try examples(data.train, of: path, in: form, cancellation: cancellation)
        let validation = try examples(data.validation, of: path, in: form, cancellation: cancellation)
        let test = try examples(data.test, of: path, in: form, cancellation: cancellation)
        if !hasTest, test.count > 0, request.imageSplit == nil {
            (origin.testShare, origin.seed) = (request.testShare, request.seed)
            notes.append(
                DataNotes.heldOut(
                    path, test.count, of: train.count + (hasValidation ? 0 : validation.count) + test.count,
                    request, what: "test part"))
        }
        var loaded = LoadedData(
            ExampleParts(
                name: PathText.name(of: path), train: train, validation: validation, test: test,
                checksum: data.split.checksum),
            notes: notes, origin: origin, input: .images(form), imageSplit: data.split)
        if request.imageSplit == nil { loaded.ownSubsets = Set(folder.files.compactMap(\.subset)) }
        loaded.faults = data.report.notes.filter(\.isFault).map { $0.line() }
        return loaded
    }

    /// The share of a folder's pictures that is held back to choose by; nil for none.
    ///
    /// - Throws: `usage` where nothing would be left to learn from.
    private static func validationShare(
        _ request: DataRequest, of folder: ImageFolder, test: Double?
    ) throws -> Double? {
        let count = folder.files.count { $0.subset == nil || $0.subset == .train }
        if case .count(let held)? = request.validation, held >= count {
            throw DescentError(
                .usage, "nothing is left to learn from", at: "`validation`",
                expected: "less than \(count) pictures held back", got: "\(held)")
        }
        return request.validation?.share(of: count, test: test ?? 0)
    }

    /// The pictures of a part in the form that the model takes: in memory where they take little, else a source that reads them.
    private static func examples(
        _ part: ImageExamples, of path: String, in form: ImageInput, cancellation: Cancellation?
    ) throws -> any ExampleSource {
        guard form.digits == nil else {
            // A digit is looked for in the whole picture, as it will be when the model is asked.
            let pixels = try form.examples(at: part.files.map { "\(path)/\($0)" }, cancellation: cancellation)
            return LabeledExamples(
                pixels.count > 0 ? pixels : pixels.shaped(form.exampleShape),
                classes: part.targets.classes ?? [], classNames: part.classNames)
        }
        return part.residentFeatures == nil && part.count > 0 ? part : try part.labeledExamples()
    }
}
