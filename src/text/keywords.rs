//! The words that a dialect reads as its own where a name stands, so that a name like them is quoted.
//! More are here than the dialects reserve: quoting too much does no harm.

/// Whether a list holds a word.
pub(super) fn holds(list: &str, word: &str) -> bool {
    list.split(' ').any(|own| own == word)
}

/// PostgreSQL's words that are not plain names, up to version 18.
pub(super) static POSTGRES: &str = "\
    all analyse analyze and any array as asc asymmetric authorization between bigint binary bit \
    boolean both case cast char character check coalesce collate collation column concurrently \
    constraint create cross current_catalog current_date current_role current_schema \
    current_time current_timestamp current_user dec decimal default deferrable desc distinct do \
    else end except exists extract false fetch float for foreign freeze from full grant greatest \
    group grouping having ilike in initially inner inout int integer intersect interval into is \
    isnull join json json_array json_arrayagg json_exists json_object json_objectagg json_query \
    json_scalar json_serialize json_table json_value lateral leading least left like limit \
    localtime localtimestamp merge_action national natural nchar none normalize not notnull null \
    nullif numeric offset on only or order out outer overlaps overlay placing position precision \
    primary real references returning right row select session_user setof similar smallint some \
    substring symmetric system_user table tablesample then time timestamp to trailing treat trim \
    true union unique user using values varchar variadic verbose when where window with \
    xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot \
    xmlserialize xmltable";

/// The reserved words of MySQL 8 and 9 and of MariaDB, and the functions whose name before a bracket
/// is no name.
pub(super) static MYSQL: &str = "\
    accessible add adddate all alter analyze and as asc asensitive before between bigint binary \
    bit_and bit_or bit_xor blob both by call cascade case cast change char character check \
    collate column columns condition constraint continue convert count create cross cube \
    cume_dist curdate current_date current_role current_time current_timestamp current_user \
    cursor curtime database databases date_add date_sub day_hour day_microsecond day_minute \
    day_second dec decimal declare default delayed delete delete_domain_id dense_rank desc \
    describe deterministic distinct distinctrow div do_domain_ids double drop dual each else \
    elseif empty enclosed escaped except exists exit explain external extract false fetch first_value \
    float float4 float8 for force foreign from fulltext function general generated get grant \
    group group_concat grouping groups having high_priority hour_microsecond hour_minute \
    hour_second if ignore ignore_domain_ids ignore_server_ids in index infile inner inout \
    insensitive insert int int1 int2 int3 int4 int8 integer international intersect interval \
    into io_after_gtids io_before_gtids is iterate join json_table key keys kill lag last_value \
    lateral lead leading leave left library like limit linear lines load localtime \
    localtimestamp lock long longblob longtext loop low_priority manual master_bind \
    master_demote_to_replica master_demote_to_slave master_heartbeat_period \
    master_ssl_verify_server_cert match max maxvalue mediumblob mediumint mediumtext mid \
    middleint min minus minute_microsecond minute_second mod modifies natural no_write_to_binlog \
    not now nth_value ntile null numeric of offset on optimize optimizer_costs option optionally \
    or order out outer outfile over page_checksum parallel parse_gcol_expr parse_vcol_expr \
    partition percent_rank period portion position precision primary procedure purge qualify \
    range rank read read_write reads real recursive ref_system_id references regexp release \
    rename repeat replace require resignal restrict return returning revoke right rlike row \
    row_number rownum rows schema schemas second_microsecond select sensitive separator \
    session_user set show signal slow smallint spatial specific sql sql_after_gtids \
    sql_before_gtids sql_big_result sql_calc_found_rows sql_small_result sqlexception sqlstate \
    sqlwarning ssl starting stats_auto_recalc stats_persistent stats_sample_pages std stddev \
    stddev_pop stddev_samp stored straight_join subdate substr substring sum sysdate system \
    system_user table tablesample terminated then tinyblob tinyint tinytext to trailing trigger \
    trim true undo union unique unlock unsigned update usage use using utc_date utc_time \
    utc_timestamp value values var_pop var_samp varbinary varchar varcharacter variance varying \
    vector versioning virtual when where while window with without write xor year_month zerofill";

/// SQLite's words.
pub(super) static SQLITE: &str = "\
    abort add all alter analyze and as attach autoincrement begin between case cast check \
    collate commit constraint create cross current current_date current_time current_timestamp \
    default deferrable delete detach distinct drop else end escape except exclude exists explain \
    false filter foreign from full glob group having if ignore in index indexed inner insert \
    instead intersect into is isnull join left like limit match materialized natural no not \
    nothing notnull null of offset on or order outer over partition pragma primary raise \
    recursive references regexp release replace returning right rollback savepoint select set \
    table temp temporary then to transaction trigger true union unique update using vacuum \
    values view virtual when where window with within without";
