import Descent

/// The pictures among the files that `predict` was given: files, and folders of them.
struct Pictures {
    /// The files, in the order in which they were given, those of a folder by their names.
    let paths: [String]

    /// Looks at the files' contents. No paths where the files are no pictures, such as IDX files.
    ///
    /// - Throws: `badData` where pictures and other files are given together, or a folder has no pictures.
    init(_ files: [String]) throws {
        var (paths, others): ([String], [String]) = ([], [])
        for file in files {
            if Files.isDirectory(file) {
                let inside = try Files.names(in: file).sorted().filter {
                    !$0.hasPrefix(".") && !$0.hasPrefix("__")
                }
                .map { "\(file)/\($0)" }.filter { !Files.isDirectory($0) && Self.isPicture($0) }
                guard !inside.isEmpty else {
                    throw DescentError(
                        .badData, "there are no pictures in the folder", at: file,
                        expected: "PNG, JPEG or WebP files")
                }
                paths += inside
            } else if Self.isPicture(file) {
                paths.append(file)
            } else {
                others.append(file)
            }
        }
        guard paths.isEmpty || others.isEmpty else {
            throw DescentError(
                .usage, "give pictures or other files, not both", at: others[0], expected: "a picture",
                got: "a file that is none")
        }
        self.paths = paths
    }

    /// Whether a file is a picture or nearly one: what is no picture at all, as an IDX file, is read in another way.
    private static func isPicture(_ path: String) -> Bool {
        guard Files.exists(path), (try? IDX.isIDX(path)) != true else { return false }
        let suffix = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        return ["png", "jpg", "jpeg", "webp", "gif", "heic", "heif", "tif", "tiff", "bmp", "avif"].contains(
            suffix)
            || (try? ImageHeader(contentsOf: path)) != nil
    }
}

extension Predict {
    /// Predicts what pictures show, and draws each as the model sees it.
    func predict(_ pictures: Pictures, by model: ClassifierModel, _ output: AnswerOutput) throws {
        guard let input = model.input else {
            throw DescentError(.usage, "the model takes no pictures", at: self.model)
        }
        if many { return try predictMany(pictures, input, by: model, output) }
        let isDrawn = output.isText && !options.quiet && pictures.paths.count <= 10
        var drawn: FeatureMatrix?
        let predictions = try inParts(of: pictures.paths.count, "picture", length: 128) {
            part, cancellation in
            let examples = try input.examples(
                ofImagesAt: Array(pictures.paths[part]), cancellation: cancellation)
            if isDrawn { drawn = examples }
            return try model.predictions(
                for: examples, rejectingBelow: answers.reject, cancellation: cancellation)
        }
        for (place, prediction) in predictions.enumerated() {
            let answer = GivenAnswer(file: pictures.paths[place], prediction: prediction)
            try output.give(answer) { words in
                let path = answer.file.showingControlCharacters
                guard let drawn else { return "\(path)  \(words)\n" }
                return "\(path)\n\(picture(of: drawn, at: place))\(words)\n\n"
            }
        }
    }

    /// Reads the digits on each picture one by one, left to right, line by line.
    private func predictMany(
        _ pictures: Pictures, _ input: ModelInput, by model: ClassifierModel, _ output: AnswerOutput
    ) throws {
        guard case .images(let form) = input, let normalization = form.digits else {
            throw DescentError(
                .usage, "the model does not read digits on paper", at: "--many",
                advice: "train one with --digits")
        }
        let read = try inParts(of: pictures.paths.count, "picture", length: 1) { part, _ in
            try pictures.paths[part].map { path in
                let found = try DigitSegmentation(normalization).digits(
                    in: ImageDecoder().decode(contentsOf: path))
                let images = NDArray(
                    shape: [found.count, form.height, form.width],
                    elements: found.flatMap { $0.image.elements })
                let predictions = try model.predictions(
                    for: .bytes(images), rejectingBelow: answers.reject)
                return zip(found, predictions).map { (digit: $0, prediction: $1) }
            }
        }
        for (path, digits) in zip(pictures.paths, read) {
            var lines: [Int: [String]] = [:]
            for (digit, prediction) in digits {
                let box = digit.box
                let answer = GivenAnswer(
                    file: path, box: "\(box.x),\(box.y),\(box.width)x\(box.height)", prediction: prediction)
                // A person reads them as the words of a line.
                try output.give(answer) { _ in "" }
                lines[digit.line, default: []].append(prediction.isUnknown ? "?" : prediction.className)
            }
            guard output.isText else { continue }
            try Output.standard.write("\(path.showingControlCharacters)\n")
            for line in lines.keys.sorted() {
                try Output.standard.write(
                    "  \((lines[line] ?? []).joined(separator: " ").showingControlCharacters)\n")
            }
            if digits.isEmpty { try Output.standard.write("  no ink\n") }
        }
    }

    /// The picture that the model sees, for the terminal.
    func picture(of examples: FeatureMatrix, at place: Int) -> String {
        guard case .bytes(let images) = examples.storage else { return "" }
        let image = images[place]
        return TerminalPicture.text(
            of: image.ndim == 3 ? image.permuted([1, 2, 0]) : image, style: options.pictureStyle,
            maximumColumns: max(2, min(80, Output.standard.columns)))
    }
}
