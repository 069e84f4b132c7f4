extension DatasetSource {
    /// Every data set that has a name here.
    package static let all: [DatasetSource] = [mnist, fashionMNIST, kmnist, emnistDigits]

    /// MNIST: handwritten digits, 60,000 and 10,000 images of 28 x 28.
    ///
    /// Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits"; MD5 as in torchvision's
    /// `datasets/mnist.py`.
    public static let mnist = DatasetSource(
        name: "mnist", title: "MNIST", classNames: digits,
        files: usual([
            "f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432",
            "9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c",
        ]),
        mirrors: [
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            "http://yann.lecun.com/exdb/mnist/",
        ],
        page: "http://yann.lecun.com/exdb/mnist/",
        unpackedCRC32: [0xe9f4_d8b3, 0xe0cb_4ad2, 0x9137_3bdf, 0x4ab9_eff9])

    /// Fashion-MNIST: articles of clothing, 60,000 and 10,000 images of 28 x 28.
    ///
    /// Source: Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747; MD5 from the table in its repository's README.
    public static let fashionMNIST = DatasetSource(
        name: "fashion-mnist", title: "Fashion-MNIST",
        classNames: [
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
            "Ankle boot",
        ],
        files: usual([
            "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
            "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310",
        ]),
        mirrors: [
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
        ],
        page: "https://github.com/zalandoresearch/fashion-mnist",
        unpackedCRC32: [0xb4f2_9f28, 0x741a_4657, 0x678f_e0b1, 0x8014_2c1f])

    /// Kuzushiji-MNIST: ten characters of old Japanese cursive, 60,000 and 10,000 images of 28 x 28.
    ///
    /// Both addresses are the publisher's one host; no other lasting host of these four files is known.
    ///
    /// Source: Clanuwat et al. 2018, arXiv:1812.01718; MD5 and class names as in torchvision's
    /// `datasets/mnist.py`.
    public static let kmnist = DatasetSource(
        name: "kmnist", title: "Kuzushiji-MNIST",
        classNames: ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
        files: usual([
            "bdb82020997e1d708af4cf47b453dcf7", "e144d726b3acfaa3e44228e80efcd344",
            "5c965bf0a639b31b8f53240b1b52f4d7", "7320c461ea6c1c855c0b718fb2a4b134",
        ]),
        mirrors: [
            "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
            "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        ],
        page: "http://codh.rois.ac.jp/kmnist/")

    /// EMNIST Digits: handwritten digits, 240,000 and 40,000 images of 28 x 28.
    ///
    /// NIST publishes all of EMNIST as one archive of half a gigabyte, so the four files are fetched from a
    /// copy of its contents, the only one known. The images are stored column by column and are turned when they are read. No
    /// checksum is published for the single files; gzip's own CRC is checked.
    ///
    /// Source: Cohen, Afshar, Tapson, van Schaik 2017, arXiv:1702.05373.
    public static let emnistDigits = DatasetSource(
        name: "emnist-digits", title: "EMNIST Digits", classNames: digits,
        files: [
            File(name: "emnist-digits-train-images-idx3-ubyte.gz", md5: nil),
            File(name: "emnist-digits-train-labels-idx1-ubyte.gz", md5: nil),
            File(name: "emnist-digits-test-images-idx3-ubyte.gz", md5: nil),
            File(name: "emnist-digits-test-labels-idx1-ubyte.gz", md5: nil),
        ],
        mirrors: ["https://github.com/aurelienduarte/emnist/raw/master/gzip/"],
        page: "https://www.nist.gov/itl/products-and-services/emnist-dataset",
        isTransposed: true)

    /// MNIST's own names for the four files.
    static let usualNames = [
        "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
    ]

    private static let digits = (0...9).map(String.init)

    private static func usual(_ checksums: [String]) -> [File] {
        zip(usualNames, checksums).map { File(name: $0, md5: $1) }
    }
}
