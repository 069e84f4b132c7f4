// swift-tools-version: 6.3
import PackageDescription

/// Internal headers are included by folder ("core/lanes.h"). Debug builds check the arguments of every entry.
let cSettings: [CSetting] = [
    .headerSearchPath("."), .define("CK_CHECKED", .when(configuration: .debug)),
]

// Imports go down only; the floors are in Documentation/Architecture.md and a test holds them.
let package = Package(
    name: "descent",
    products: [
        .library(name: "Descent", targets: ["Descent"]),
        // The notebook's sections; the snippets in Snippets/ use it, and snippets see products only.
        .library(name: "Notes", targets: ["Notes"]),
        .executable(name: "descent", targets: ["DescentCommand"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        // Only `swift package generate-documentation` builds it.
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    ],
    targets: [
        // Floor 0: C kernels and system libraries.
        .target(
            name: "CHighway", linkerSettings: [.linkedLibrary("hwy_contrib"), .linkedLibrary("hwy")]),
        .target(
            name: "CKernels", dependencies: ["CHighway"], exclude: ["README.md"], cSettings: cSettings),
        .target(
            name: "COneDNN", dependencies: ["CKernels"], cSettings: cSettings,
            linkerSettings: [.linkedLibrary("dnnl")]),
        .target(
            name: "CInference", dependencies: ["CKernels", "COneDNN"], exclude: ["README.md"],
            cSettings: cSettings),
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-openmp-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CDigest", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),
        // Floor 1
        .target(name: "Arrays", dependencies: ["CKernels", "COneDNN", "COpenBLAS"]),
        // Floor 2
        .target(name: "Autodiff", dependencies: ["Arrays", "CKernels", "COneDNN"]),
        .target(name: "ArrayFiles", dependencies: ["Arrays", "CZlib"]),
        .target(name: "Images", dependencies: ["Arrays", "CPNG"]),
        .target(
            name: "ImageFeatures", dependencies: ["Arrays", "CKernels", "COneDNN"], exclude: ["README.md"]),
        // Floor 3
        .target(
            name: "Classical", dependencies: ["ArrayFiles", "Arrays", "CKernels", "COneDNN"],
            exclude: ["README.md"]),
        .target(name: "Networks", dependencies: ["Autodiff", "Arrays", "CKernels"]),
        .target(name: "Datasets", dependencies: ["ArrayFiles", "Arrays", "CKernels", "CDigest"]),
        // Floor 4
        .target(
            name: "Inference",
            dependencies: ["Networks", "Autodiff", "Arrays", "CInference", "COneDNN", "CKernels"]),
        // Floor 5
        .target(
            name: "Learning",
            dependencies: [
                "Inference", "Networks", "Classical", "Datasets", "ImageFeatures", "ArrayFiles", "Autodiff",
                "Arrays",
            ],
            exclude: ["README.md"]),
        // Floor 6
        .target(
            name: "Charts", dependencies: ["Learning", "Classical", "ImageFeatures", "Images", "Arrays"]),
        .target(name: "Notes", dependencies: ["Learning", "Datasets", "Images", "ArrayFiles", "Arrays"]),
        // Floor 7
        .target(
            name: "Descent",
            dependencies: [
                "Arrays", "Autodiff", "ArrayFiles", "Images", "ImageFeatures", "Classical", "Networks",
                "Inference", "Datasets",
                "Learning", "Charts",
            ]),
        .executableTarget(
            name: "DescentCommand",
            dependencies: [
                "Descent", "Notes", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        .testTarget(
            name: "ArraysTests", dependencies: ["Arrays", "CKernels", "COpenBLAS"], exclude: ["Vectors"]),
        .testTarget(
            name: "AutodiffTests", dependencies: ["Autodiff", "Arrays", "CKernels"], exclude: ["Vectors"]),
        .testTarget(name: "ArrayFilesTests", dependencies: ["ArrayFiles", "Arrays"], exclude: ["Fixtures"]),
        .testTarget(
            name: "ImagesTests", dependencies: ["Images", "Arrays"], exclude: ["make_png_fixtures.py"]),
        .testTarget(
            name: "ImageFeaturesTests", dependencies: ["ImageFeatures", "Arrays"], exclude: ["Vectors"]),
        .testTarget(
            name: "ClassicalTests", dependencies: ["Classical", "ArrayFiles", "Arrays"], exclude: ["Vectors"]),
        .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "ArrayFiles", "Arrays"]),
        .testTarget(
            name: "NetworksTests", dependencies: ["Networks", "Autodiff", "Arrays"], exclude: ["Vectors"]),
        .testTarget(name: "InferenceTests", dependencies: ["Inference", "Networks", "Autodiff", "Arrays"]),
        .testTarget(
            name: "LearningTests",
            dependencies: [
                "Learning", "Inference", "Classical", "Networks", "Datasets", "ArrayFiles", "Autodiff",
                "Arrays",
            ]),
        .testTarget(
            name: "ChartsTests", dependencies: ["Charts", "Learning", "ImageFeatures", "Images", "Arrays"]),
        .testTarget(name: "NotesTests", dependencies: ["Notes", "Arrays"]),
        .testTarget(name: "DescentTests", dependencies: ["Descent"]),
        .testTarget(
            name: "DescentCommandTests", dependencies: ["Descent", "DescentCommand"], exclude: ["KeptModels"]),
        .testTarget(name: "HouseTests"),
        .testTarget(name: "SystemsTests"),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu11
)
