extension EvaluationPage {
    /// The colours are those of the charts (`ChartTheme`). Cells of the matrix are mixed with the page so lightly that the ink
    /// stays readable on all of them.
    static let styleSheet = """

        :root{--page:#fff;--ink:#1f2328;--muted:#57606a;--grid:#e1e5ea;--soft:#f5f7f9;--good:0 114 178;--bad:213 94 0;\
        --miss:#b34a00;--most:.6;--shade:#0003}
        @media (prefers-color-scheme:dark){:root{--page:#14181e;--ink:#e6eaef;--muted:#9da7b3;--grid:#2b323b;--soft:#1e242c;\
        --good:86 180 233;--bad:230 159 0;--miss:#e69f00;--most:.52;--shade:#fff4}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
        body{margin:0 auto;max-width:1080px;padding:24px 20px 48px;background:var(--page);color:var(--ink);\
        font:16px/1.55 system-ui,-apple-system,"Noto Sans KR","Apple SD Gothic Neo","Malgun Gothic",sans-serif}
        h1,h2,p,summary,figcaption,tbody th,tfoot th,.text{overflow-wrap:anywhere}
        :lang(ko){word-break:keep-all}
        h1{font-size:28px;line-height:1.25;margin:0}h2{font-size:20px;line-height:1.3;margin:0 0 8px}
        h3{font-size:15px;margin:0 0 4px}p{margin:0 0 12px}
        header p,section>p,figcaption,small,footer,dt{color:var(--muted)}
        .kicker{margin:0;font-size:13px;font-weight:600}
        section{margin-top:36px}section>p{max-width:44rem}
        .headline{background:var(--soft);border-radius:12px;padding:20px;margin-top:20px}
        .headline h2{font-size:15px;margin:0;color:var(--muted);font-weight:600}
        .figure{font-size:52px;font-weight:700;line-height:1.1;margin:0 0 6px;font-variant-numeric:tabular-nums}
        .headline .figure{color:var(--ink)}.headline>.bar{height:10px;margin:10px 0 14px}
        .cards{display:flex;flex-wrap:wrap;gap:8px 28px;margin:0 0 8px}.card dt{font-size:13px}
        .card dd{margin:0;font-size:20px;font-weight:600;font-variant-numeric:tabular-nums}
        .bar{display:block;position:relative;height:6px;border-radius:3px;background:var(--grid);margin-top:3px}
        .bar i{position:absolute;top:0;bottom:0;min-width:2px;border-radius:3px;background:rgb(var(--good)/.55)}
        .bar b{position:absolute;top:-2px;bottom:-2px;width:3px;margin-left:-1.5px;background:var(--ink);border-radius:1px}
        table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
        th,td{padding:6px 8px;border-bottom:1px solid var(--grid);text-align:right;vertical-align:top}
        th{font-weight:600}thead th{color:var(--muted);font-size:13px;vertical-align:bottom}
        tr>:first-child,.text,thead .text{text-align:left}
        td{white-space:nowrap}.text{white-space:normal}
        tfoot tr:first-child>*{border-top:2px solid var(--grid)}
        td small{display:block;font-size:12px}
        .classes{max-width:760px}.classes td:nth-child(3){min-width:86px}
        .pairs{max-width:640px}.pairs thead th:nth-child(2){text-align:left}
        .numbers{max-width:640px}.numbers+.cards{margin-top:16px}
        .importance{max-width:520px}.importance td{width:55%}
        .wide{overflow-x:auto;max-width:100%;border-radius:6px}
        .wide:focus-visible{outline:2px solid rgb(var(--good))}
        .wide svg{display:block;max-width:none}
        .matrix{width:auto;border-collapse:separate;border-spacing:2px}
        .matrix th,.matrix td{border:0;padding:5px 2px;text-align:center;vertical-align:middle;min-width:27px}
        .matrix tbody td{border-radius:4px;padding:6px 4px;font-size:13px}
        .matrix tbody th,.matrix thead tr:last-child th:first-child{position:sticky;left:0;background:var(--page);text-align:right;\
        padding-right:6px;max-width:120px}
        .matrix thead tr:last-child th{vertical-align:bottom}
        .matrix tbody th span{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        .tall thead tr:last-child th:not(:first-child) span{display:inline-block;writing-mode:vertical-rl;\
        max-height:110px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;overflow-wrap:normal}
        .right{background:rgb(var(--good)/calc(var(--s)*var(--most)))}
        .wrong{background:rgb(var(--bad)/calc(var(--s)*var(--most) + .1))}
        .s1{--s:.1}.s2{--s:.2}.s3{--s:.3}.s4{--s:.4}.s5{--s:.5}.s6{--s:.6}.s7{--s:.7}.s8{--s:.8}.s9{--s:.9}.s10{--s:1}
        .zero{color:var(--muted);background:var(--soft)}
        .columns{display:flex;flex-wrap:wrap;gap:0 48px}.columns>section{flex:1 1 380px;min-width:0}
        @media (min-width:640px){.classes small{display:inline;margin-left:8px}.classes td:nth-child(3){width:230px}}
        .name,.gallery span{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden;overflow-wrap:anywhere}
        details{margin-top:12px}summary{cursor:pointer;padding:6px 0}
        .charts{display:flex;flex-wrap:wrap;gap:24px 32px}
        figure{margin:0}.charts figure{width:350px;max-width:100%}
        figure svg{display:block;max-width:100%;height:auto}figcaption{font-size:13px;line-height:1.45;max-width:44rem}
        .gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(104px,1fr));gap:16px 12px}
        .gallery img{display:block;width:100%;aspect-ratio:1;object-fit:contain;background:var(--soft);border-radius:6px;\
        outline:1px solid var(--grid)}
        .pixels{image-rendering:pixelated}
        .gallery figcaption{margin-top:5px}.gallery span{color:var(--ink)}.gallery .miss{color:var(--miss)}
        .gallery small{font-size:12px}
        footer{margin-top:48px;font-size:13px;border-top:1px solid var(--grid);padding-top:12px}
        @media (max-width:480px){body{padding:16px 16px 40px}h1{font-size:23px}.figure{font-size:44px}th,td{padding:6px 4px}\
        table{font-size:13px}thead th{font-size:11.5px}.matrix{border-spacing:1px}.matrix tbody td{padding:6px 1px;font-size:12px}.headline{padding:16px}\
        .matrix tbody th,.matrix thead tr:last-child th:first-child{max-width:84px;padding-right:4px}}
        @media print{section{break-inside:avoid-page}.wide{overflow:visible}}

        """
}
