import ArgumentParser
import Descent

/// `descent features`: the features that classical methods find in pictures, and their positions.
struct FeaturesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "features",
        abstract: "Show what HOG, SIFT and SURF see in a picture.",
        discussion: """
            Pictures are PNG, JPEG or WebP files (colours become grey) or IDX files of images \
            (MNIST's format, gzipped or not), of which --index chooses one.

            EXAMPLES
              descent features hog photo.png --out cells.png
                  the directions of edges, a star for each cell
              descent features sift photo.png --out keypoints.png
              descent features surf photo.png --strongest 200 --out keypoints.png
              descent features match a.png b.png --out matches.png
                  what two pictures have in common
            """,
        subcommands: [HOG.self, Sift.self, Surf.self, Match.self])
}

/// The flags that the pictures of `descent features` have in common.
struct PictureOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Draw over the picture and keep it here, as PNG.", valueName: "file"),
        completion: .file(extensions: ["png"]))
    var out: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Which image of an IDX file, from 0.", valueName: "n"))
    var index: Int?

    func validate() throws {
        if let index, index < 0 { throw ValidationError("--index must be 0 or more, not \(index)") }
        try WrittenFile.png.checkName(out, of: "--out")
    }

    /// Refuses flags that would have no effect or conflict, before the files are read.
    ///
    /// - Throws: `usage` when none of the files has images to choose from; `cannotCreate` when `out` cannot be written.
    func check(_ files: String...) throws {
        if let index, try !files.contains(where: IDX.isIDX) {
            throw DescentError(
                .usage, "--index chooses an image of an IDX file, and this is one picture", at: files[0],
                got: "--index \(index)", advice: "leave it out")
        }
        try WrittenFile.png.check(out)
    }

    /// Returns the grey picture of a file, [H, W].
    ///
    /// - Throws: `missingInput` when it cannot be opened, `badData` when it is no picture, `usage` when an IDX file has no
    ///   such image, and when `out` is the picture itself.
    func picture(_ path: String) throws -> NDArray<UInt8> {
        if let out, let target = AtomicFile.replaced(by: out).flatMap(Files.identity),
            target == AtomicFile.replaced(by: path).flatMap(Files.identity)
        {
            throw DescentError(
                .usage, "the picture would be replaced by what is drawn over it", at: "--out", got: out,
                advice: "give another file")
        }
        if try IDX.isIDX(path) {
            let index = index ?? 0
            let images = try IDX.read(path, rank: 3)
            guard index < images.shape[0] else {
                throw DescentError(
                    .usage, "there is no image \(index) in \(path)", at: "--index",
                    expected: images.shape[0] == 0
                        ? "no index: the file is empty" : "0 to \(images.shape[0] - 1)",
                    got: "\(index)")
            }
            return images[index]
        }
        return try ImageDecoder(color: .gray).decode(contentsOf: path)
    }

    /// Writes the result of `draw` to --out, if that was given.
    func keep(_ draw: () throws -> NDArray<UInt8>) throws {
        guard let out else { return }
        try WrittenFile.png.write(PNG.encode(draw()), to: out)
    }

    /// Returns the line that names the picture's file.
    ///
    /// `legend`: a description of the picture.
    func told(_ legend: String) -> String {
        out.map { "picture    \($0.showingControlCharacters)\n           \(legend)\n" } ?? ""
    }

    /// `out` as JSON.
    var written: JSONText { out.map(JSONText.string) ?? .null }
}

extension FeaturesCommand {
    /// `descent features hog`.
    struct HOG: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "hog", abstract: "Histograms of oriented gradients.",
            discussion: """
                How strong edges of each direction are, cell by cell (Dalal and Triggs 2005); \
                the values are those of scikit-image. In the picture each cell has a stroke for \
                each direction of edges, the longer and brighter the stronger.

                EXAMPLES
                  descent features hog photo.png --cell 16 --out cells.png
                  descent features hog t10k-images-idx3-ubyte.gz --index 7 --cell 4 --out seven.png
                  descent features hog photo.png --json
                """)
        @Argument(
            help: ArgumentHelp("A PNG picture, or an IDX file.", valueName: "file"), completion: .file())
        var file: String
        @Option(parsing: .unconditional, help: ArgumentHelp("Pixels along a side of a cell.", valueName: "n"))
        var cell = 8
        @Option(parsing: .unconditional, help: ArgumentHelp("Cells along a side of a block.", valueName: "n"))
        var block = 2
        @Option(parsing: .unconditional, help: ArgumentHelp("Directions.", valueName: "n"))
        var orientations = 9
        @Flag(help: "Tell opposite directions apart: 360 degrees instead of 180.")
        var signed = false
        @Option(help: ArgumentHelp("How blocks are normalised: L1, L1-sqrt, L2, L2-Hys.", valueName: "name"))
        var norm = HistogramOfOrientedGradients.Norm.l2Hys
        @OptionGroup var pictures: PictureOptions
        @OptionGroup(title: "Output") var options: OutputOptions

        func validate() throws {
            for (flag, value, most) in [
                ("cell", cell, 4096), ("block", block, 64), ("orientations", orientations, 64),
            ]
            where !(1...most).contains(value) {
                throw ValidationError("--\(flag) must be 1 to \(most), not \(value)")
            }
        }

        func run() throws {
            options.apply()
            let hog = HistogramOfOrientedGradients(
                orientations: orientations, cellSize: cell, blockSize: block, norm: norm, isSigned: signed)
            let image = try pictures.picture(file)
            try pictures.check(file)
            let (height, width) = (image.shape[0], image.shape[1])
            let values = try DescentError.located(at: file) {
                try hog.features(of: image.reshaped(1, height, width))
            }
            try pictures.keep { try FeaturePicture.stars(of: hog, over: image) }
            let (rows, columns) = (height / cell, width / cell)
            if options.json {
                let line: JSONText = [
                    "version": 1, "file": .string(file), "height": .integer(height), "width": .integer(width),
                    "cell_rows": .integer(rows), "cell_columns": .integer(columns),
                    "orientations": .integer(orientations), "norm": .string(norm.rawValue),
                    "features": .array(values.elements.map { .rounded(Double($0), decimals: 6) }),
                    "picture": pictures.written,
                ]
                return try Output.standard.write(line.line + "\n")
            }
            try Output.standard.write(
                """
                HOG        \(rows) x \(columns) cells of \(cell) x \(cell) pixels, \(orientations) directions
                features   \(Numerals.grouped(values.count)): blocks of \(block) x \(block) cells, \(norm.rawValue)
                \(pictures.told("a stroke for each direction of edges, the longer the stronger"))
                """)
        }
    }
}

extension HistogramOfOrientedGradients.Norm: ExpressibleByArgument {}
