-- integrity: tables come with their feature
select 1;
