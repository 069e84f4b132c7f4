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
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-openmp-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CDigest", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),
        // Floor 1
        .target(name: "Support", dependencies: ["CZlib"]),
        // Floor 2
        .target(name: "Arrays", dependencies: ["Support", "CKernels", "COneDNN", "COpenBLAS"]),
        // Floor 3
        .target(name: "Autodiff", dependencies: ["Arrays", "Support", "CKernels", "COneDNN"]),
        .target(name: "ArrayFiles", dependencies: ["Arrays", "Support", "CZlib"]),
        .target(name: "Images", dependencies: ["Arrays", "Support", "CPNG"]),
        .target(
            name: "ImageFeatures", dependencies: ["Arrays", "Support", "CKernels", "COneDNN"],
            exclude: ["README.md"]),
        // Floor 4
        .target(
            name: "Classical", dependencies: ["ArrayFiles", "Arrays", "Support", "CKernels", "COneDNN"],
            exclude: ["README.md"]),
        .target(name: "Networks", dependencies: ["Autodiff", "Arrays", "Support", "CKernels"]),
        .target(name: "Datasets", dependencies: ["ArrayFiles", "Arrays", "Support", "CKernels", "CDigest"]),
        // Floor 5
        .target(
            name: "Learning",
            dependencies: [
                "Networks", "Classical", "Datasets", "ImageFeatures", "ArrayFiles", "Autodiff", "Arrays",
                "Support",
            ],
            exclude: ["README.md"]),
        // Floor 6
        .target(
            name: "Charts",
            dependencies: ["Learning", "Classical", "ImageFeatures", "Images", "Arrays", "Support"]),
        .target(
            name: "Notes",
            dependencies: ["Learning", "Datasets", "Images", "ArrayFiles", "Arrays", "Support"]),
        // Floor 7
        .target(
            name: "Descent",
            dependencies: [
                "Support", "Arrays", "Autodiff", "ArrayFiles", "Images", "ImageFeatures", "Classical",
                "Networks",
                "Datasets",
                "Learning", "Charts",
            ]),
        .executableTarget(
            name: "DescentCommand",
            dependencies: [
                "Descent", "Notes", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // What several test targets share; in no product.
        .target(
            name: "TestSupport", dependencies: ["Autodiff", "Arrays", "Support"], path: "Tests/TestSupport",
            exclude: ["Vectors"]),
        .testTarget(name: "SupportTests", dependencies: ["TestSupport", "Autodiff", "Arrays", "Support"]),
        .testTarget(
            name: "ArraysTests", dependencies: ["TestSupport", "Arrays", "Support", "CKernels", "COpenBLAS"],
            exclude: ["Vectors"]),
        .testTarget(
            name: "AutodiffTests",
            dependencies: ["TestSupport", "Autodiff", "Arrays", "Support", "CKernels"],
            exclude: ["Vectors"]),
        .testTarget(
            name: "ArrayFilesTests", dependencies: ["TestSupport", "ArrayFiles", "Arrays", "Support"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "ImagesTests", dependencies: ["TestSupport", "Images", "Arrays", "Support"],
            exclude: ["make_png_fixtures.py"]),
        .testTarget(
            name: "ImageFeaturesTests", dependencies: ["TestSupport", "ImageFeatures", "Arrays", "Support"],
            exclude: ["Vectors"]),
        .testTarget(
            name: "ClassicalTests",
            dependencies: ["TestSupport", "Classical", "ArrayFiles", "Arrays", "Support"],
            exclude: ["Vectors"]),
        .testTarget(
            name: "DatasetsTests",
            dependencies: ["TestSupport", "Datasets", "ArrayFiles", "Arrays", "Support"]),
        .testTarget(
            name: "NetworksTests",
            dependencies: ["TestSupport", "Networks", "Autodiff", "Arrays", "Support"],
            exclude: ["Vectors"]),
        .testTarget(
            name: "LearningTests",
            dependencies: [
                "TestSupport", "Learning", "Classical", "Networks", "Datasets", "ArrayFiles", "Autodiff",
                "Arrays",
                "Support",
            ]),
        .testTarget(
            name: "ChartsTests",
            dependencies: [
                "TestSupport", "Charts", "Learning", "ImageFeatures", "Images", "Arrays", "Support",
            ]),
        .testTarget(name: "NotesTests", dependencies: ["TestSupport", "Notes", "Arrays", "Support"]),
        .testTarget(name: "DescentTests", dependencies: ["TestSupport", "Descent"]),
        .testTarget(
            name: "DescentCommandTests",
            dependencies: ["TestSupport", "Descent", "DescentCommand"], exclude: ["KeptModels"]),
        .testTarget(name: "HouseTests"),
        .testTarget(name: "SystemsTests"),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu11
)
